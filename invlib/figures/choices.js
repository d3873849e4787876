// Shows the pictures of the chosen combination. A frame is [its words, a picture's number per layer].
((pictures, frames) => {
  const figure = document.currentScript.closest("figure");
  const groups = [...figure.querySelectorAll("fieldset")];
  const layers = [...figure.querySelectorAll("svg image")];
  const output = figure.querySelector("output");
  const buttons = groups.map((group) => [...group.querySelectorAll("input")]);
  const show = (chosen) => {
    const number = buttons.reduce((sum, own) => sum * own.length + own.findIndex(chosen), 0);
    const [words, ...numbers] = frames[number];
    layers.forEach((layer, i) => layer.setAttribute("href", pictures[numbers[i]]));
    output.value = words;
  };
  const now = () => show((button) => button.checked);
  // A browser that reloads a page remembers what was chosen.
  buttons.flat().forEach((button) => (button.checked = button.defaultChecked));
  figure.addEventListener("change", now);
  // On paper every copy of the page shows the same combination.
  matchMedia("print").addEventListener("change", (print) =>
    print.matches ? show((button) => button.defaultChecked) : now());
  groups.forEach((group) => (group.disabled = false));
  figure.querySelector("small").remove();
})
