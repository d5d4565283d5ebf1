/**
 * Text that has no room is told whole while the mouse stands on it. One listener for the whole page, and only when it is
 * needed: whether a text is cut depends on the width of its column, and rows of tables take other texts as they scroll.
 */
export function tellCutTexts(page: Document): void {
  page.addEventListener("mouseover", (event) => {
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>(".cut, th") : null;
    if (element === null) return;
    const isOwn = element.dataset["cut"] === undefined && element.title !== "";
    if (isOwn || element.querySelector("[title]") !== null) return;
    const isCut = element.scrollWidth > element.clientWidth;
    const text = element.textContent.trim();
    if (isCut && element.title !== text) {
      element.dataset["cut"] = "";
      element.title = text;
    }
    if (!isCut && element.dataset["cut"] !== undefined) {
      delete element.dataset["cut"];
      element.removeAttribute("title");
    }
  });
}
