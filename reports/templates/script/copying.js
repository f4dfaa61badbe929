{ // A button beside every command that copies it, and those that copy several at once.
  const said = document.getElementById("said");

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch { // A page opened as a file may not be let near the clipboard.
      const area = Object.assign(document.createElement("textarea"), { value: text, className: "hidden" });
      document.body.append(area);
      area.select();
      const copied = document.execCommand("copy");
      area.remove();
      if (!copied) throw new Error("not copied");
    }
  };

  const copyOnClick = (button, text) => {
    const words = button.textContent;
    let waiting;
    button.addEventListener("click", async () => {
      let answer = "Copied";
      try { await copy(text); } catch { answer = "Press Ctrl+C"; }
      button.focus({ preventScroll: true });
      button.textContent = said.textContent = answer;
      clearTimeout(waiting);
      waiting = setTimeout(() => { button.textContent = words; said.textContent = ""; }, 2000);
    });
  };

  for (const pre of document.querySelectorAll("pre:has(> code)")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.setAttribute("aria-label", `Copy ${pre.textContent}`);
    const command = document.createElement("div");
    command.className = "command";
    pre.replaceWith(command);
    command.append(pre, button);
    copyOnClick(button, pre.textContent);
  }

  for (const button of document.querySelectorAll("button[data-copies]")) {
    const commands = [...document.querySelectorAll(button.dataset.copies)];
    button.hidden = false;
    copyOnClick(button, commands.map((pre) => `${pre.textContent}\n`).join(""));
  }
}
