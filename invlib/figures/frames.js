// Moves a picture through its frames. A slot is [element, attribute or "", its content per frame].
((slots, values) => {
  const figure = document.currentScript.closest("figure");
  const [slider, output, note] = ["input", "output", "small"].map((e) => figure.querySelector(e));
  const svg = figure.querySelector("svg");
  const elements = [svg, ...svg.querySelectorAll("*")];
  const places = slots.map(([element, attribute, contents]) => [elements[element], attribute, contents]);
  const show = (frame) => {
    for (const [element, attribute, contents] of places) {
      if (attribute) element.setAttribute(attribute, contents[frame]);
      else element.innerHTML = contents[frame];
    }
    output.value = values[frame];
    slider.setAttribute("aria-valuetext", values[frame]);
  };
  const start = slider.defaultValue;
  slider.value = start; // a browser that reloads a page remembers where the slider was
  slider.addEventListener("input", () => show(slider.value));
  // On paper every copy of the page shows the same frame.
  matchMedia("print").addEventListener("change", (print) => show(print.matches ? start : slider.value));
  slider.disabled = false;
  note.remove();
})
