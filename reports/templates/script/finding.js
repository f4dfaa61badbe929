{ // The way through the page: which section is in view, and a run that is linked to opens.
  const links = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]));

  const mark = (name) => {
    for (const [section, link] of links) {
      if (section === name) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const link = links.get(name);
    const nav = link.closest("nav");
    const middle = (link.offsetLeft + link.offsetWidth / 2) - nav.clientWidth / 2;
    nav.scrollTo({ left: middle, behavior: "instant" });
  };

  const inView = new Set();
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) inView[isIntersecting ? "add" : "delete"](target.id);
    const innermost = [...links.keys()].findLast((name) => inView.has(name));
    if (innermost) mark(innermost);
  }, { rootMargin: "-15% 0px -80% 0px" });
  for (const name of links.keys()) observer.observe(document.getElementById(name));

  const openLinked = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let details = target?.closest("details"); details; details = details.parentElement.closest("details")) details.open = true;
    target?.scrollIntoView();
  };
  addEventListener("hashchange", openLinked);
  if (location.hash) openLinked();

  // Browsers whose print style cannot open what is closed.
  if (!CSS.supports("selector(::details-content)")) {
    let closed = [];
    addEventListener("beforeprint", () => {
      closed = [...document.querySelectorAll("details:not([open])")];
      for (const details of closed) details.open = true;
    });
    addEventListener("afterprint", () => { for (const details of closed) details.open = false; });
  }
}
