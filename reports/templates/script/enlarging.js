{ // A picture that is clicked is shown large, with where it lies; its link, opened in a new tab, is the file itself.
  const dialog = document.createElement("dialog");
  dialog.className = "enlarged";
  dialog.addEventListener("click", ({ target }) => { if (target === dialog || target.matches("img")) dialog.close(); });
  document.body.append(dialog);

  const enlarge = (link) => {
    const picture = link.querySelector("img").cloneNode();
    const file = Object.assign(document.createElement("a"), { href: link.href, textContent: "Open the file" });
    const words = link.parentElement.querySelector("div, figcaption")?.querySelectorAll(".score") ?? [];
    const close = Object.assign(document.createElement("button"), { type: "button", textContent: "Close" });
    close.addEventListener("click", () => dialog.close());
    dialog.replaceChildren(picture, ...[...words].map((word) => word.cloneNode(true)), file, close);
    dialog.showModal();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.enlarges");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    enlarge(link);
  });
}
