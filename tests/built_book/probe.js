// What the tests ask of an open page. Injected into it; nothing here is part of the book.
window.probe = {
  // Resolves when the formulas are set and the page stands still.
  async settled() {
    if (window.MathJax && MathJax.startup) await MathJax.startup.promise;
    await document.fonts.ready;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    for (const animation of document.getAnimations())
      if (animation.effect.getComputedTiming().endTime < Infinity) animation.finish();
  },

  // A reader may open everything that is folded.
  unfold() {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
  },

  math() {
    const sources = [...document.querySelectorAll(".math")];
    const text = [];
    const walker = document.createTreeWalker(
      document.querySelector(".bd-article") || document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (!walker.currentNode.parentElement.closest("pre, code, script, style, mjx-container"))
        text.push(walker.currentNode.data);
    }
    const raw = text.join("\u0000").match(/\$[^$\u0000]+\$|\\[([][^\u0000]*|\\(begin|frac|rho)\b/g);
    return {
      sources: sources.length,
      unrendered: sources.filter((s) => !s.querySelector("mjx-container")).map((s) => s.textContent),
      raw: raw || [],
      // A formula that does not parse, and a macro that does not exist, which is set in red.
      errors: [...document.querySelectorAll('[data-mml-node="merror"], mjx-container [fill="red"]')].map(
        (e) => e.closest("mjx-container").textContent),
    };
  },

  // Whatever a page of this width cannot show: the page that scrolls sideways, and what sticks out of
  // it without a box to scroll in. On paper nothing scrolls, so a box that would is a cut as well.
  cut(onPaper) {
    const wide = document.documentElement.clientWidth;
    const found = [];
    if (document.scrollingElement.scrollWidth > wide)
      found.push(`the page is ${document.scrollingElement.scrollWidth} wide, not ${wide}`);
    for (const element of document.querySelectorAll(".bd-article *, .bd-footer-content *")) {
      if (!element.checkVisibility() || element.closest("mjx-assistive-mml")) continue;
      const box = element.getBoundingClientRect();
      const scrolls = /auto|scroll|hidden/.test(getComputedStyle(element).overflowX);
      if (onPaper && scrolls && element.scrollWidth > element.clientWidth + 1 && element.clientWidth)
        found.push(`${named(element)} holds ${element.scrollWidth} in ${element.clientWidth}`);
      if (box.width > 1 && box.right > wide + 1 && !(inScroller(element) && !onPaper))
        found.push(`${named(element)} reaches ${Math.round(box.right)}`);
    }
    return found.slice(0, 8);
  },

  // Text too faint for its background: below 4.5, or below 3 if large (WCAG 2.2, 1.4.3). Browsers
  // do not print backgrounds: on paper all stands on white.
  faint(onPaper) {
    const found = new Set();
    for (const element of document.querySelectorAll("body *")) {
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const style = getComputedStyle(element);
      const inFigure = element.closest(".inv-figure svg");
      const [ink] = (inFigure && /(fill|stroke): currentColor/.exec(element.getAttribute("style"))) || [];
      const ownText = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
      if (!ink && (!ownText || element.closest("svg, script, style, mjx-assistive-mml"))) continue;
      const size = parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
      const behind = onPaper ? [255, 255, 255, 1] : background(element);
      const paint = !ink ? style.color : ink.startsWith("fill") ? style.fill : style.stroke;
      const colour = over(faded(parse(paint), opacity(element)), behind);
      const ratio = contrast(colour, behind);
      if (ratio < (large ? 3 : 4.5) && !(ink && isGridLine(element)))
        found.add(`${named(element)}: ${ratio.toFixed(2)} "${element.textContent.trim().slice(0, 30)}"`);
    }
    return [...found].slice(0, 8);
  },

  // Figures that do not stand on the page's own colour.
  sheets() {
    const page = background(document.querySelector(".bd-article") || document.body).join();
    const found = [];
    for (const figure of document.querySelectorAll(".inv-figure")) {
      for (const element of [figure, ...figure.querySelectorAll("svg, svg [id$=patch_1] path")]) {
        const fill = element.matches("path") ? getComputedStyle(element).fill : "none";
        if (background(element).join() !== page || fill !== "none") found.push(named(element));
      }
    }
    return found;
  },
};

function named(element) {
  const id = element.id ? "#" + element.id : "";
  const classes = [...element.classList].slice(0, 3).map((c) => "." + c).join("");
  const around = element.parentElement.closest("[id]");
  return `${around && !id ? "#" + around.id + " " : ""}${element.localName}${id}${classes}`;
}

function inScroller(element) {
  for (let e = element.parentElement; e && !e.matches(".bd-main"); e = e.parentElement)
    if (/auto|scroll/.test(getComputedStyle(e).overflowX)) return true;
  return false;
}

// Lines that only guide the eye need no contrast: matplotlib draws them thinner than text.
function isGridLine(element) {
  return parseFloat(getComputedStyle(element).strokeOpacity) < 1;
}

function parse(text) {
  const numbers = (text.match(/-?[\d.]+(e-?\d+)?/g) || []).map(Number);
  if (text.startsWith("color(srgb")) for (let i = 0; i < 3; i++) numbers[i] *= 255;
  if (!/^(rgba?|color)\(/.test(text) || numbers.length < 3) throw Error(`colour ${text}`);
  return [numbers[0], numbers[1], numbers[2], numbers.length > 3 ? numbers[3] : 1];
}

function over(top, bottom) {
  return [0, 1, 2].map((i) => top[i] * top[3] + bottom[i] * (1 - top[3])).concat(1);
}

function faded(colour, share) {
  return [colour[0], colour[1], colour[2], colour[3] * share];
}

function opacity(element) {
  let share = 1;
  for (let e = element; e; e = e.parentElement) share *= parseFloat(getComputedStyle(e).opacity);
  return share;
}

function background(element) {
  const layers = [];
  for (let e = element; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
  return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
}

function contrast(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour) {
  const [r, g, b] = colour.slice(0, 3).map((value) => {
    const v = value / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
