// @ts-check
"use strict";
// The report's own script: filters, search, groups, deep links, copying. Without it, everything is there to be read.
(() => {
  const controls = /** @type {HTMLFormElement | null} */ (document.getElementById("controls"));
  const groups = document.getElementById("groups");
  if (controls === null || groups === null) return;
  const search = /** @type {HTMLInputElement} */ (document.getElementById("search"));
  const grouping = /** @type {HTMLSelectElement} */ (document.getElementById("group"));
  const count = /** @type {HTMLElement} */ (document.getElementById("count"));
  const selects = /** @type {HTMLSelectElement[]} */ ([...controls.querySelectorAll("select[name]")]);
  const FILE = "file";

  /** Everything about a finding that filters ask for, read once. */
  const findings = /** @type {HTMLElement[]} */ ([...groups.querySelectorAll(".finding")]).map((element) => ({
    element,
    home: /** @type {HTMLElement} */ (element.parentElement),
    data: element.dataset,
    text: element.textContent.toLowerCase(),
    isShown: true,
  }));

  /** The groups as the page came: by rule. */
  const byRule = /** @type {HTMLElement[]} */ ([...groups.children]).map((section) => ({
    section,
    tally: section.querySelector(".tally"),
    list: findings.filter(({ home }) => section.contains(home)),
  }));
  let sections = byRule;

  const filter = () => {
    const wanted = selects.flatMap((select) => (select.value === "" ? [] : [[select.name, select.value]]));
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const finding of findings) {
      const fits =
        wanted.every(([name, value]) => finding.data[/** @type {string} */ (name)] === value) &&
        words.every((word) => finding.text.includes(word));
      if (fits) shown++;
      if (fits === finding.isShown) continue;
      finding.isShown = fits;
      finding.element.hidden = !fits;
    }
    for (const { section, tally, list } of sections) {
      const own = list.reduce((sum, { isShown }) => sum + Number(isShown), 0);
      section.hidden = own === 0;
      if (tally !== null)
        tally.textContent = own === list.length ? String(own) : `${String(own)} of ${String(list.length)}`;
    }
    count.textContent = `${String(shown)} of ${String(findings.length)} findings`;
  };

  /** @param {string} by */
  const regroup = (by) => {
    if (by === "rule") {
      for (const { element, home } of findings) home.append(element);
      sections = byRule;
    } else {
      /** @type {Map<string, typeof findings>} */
      const lists = new Map();
      for (const finding of findings) {
        const key = (by === FILE ? finding.data.path : finding.data[by]) ?? "";
        const list = lists.get(key);
        if (list === undefined) lists.set(key, [finding]);
        else list.push(finding);
      }
      sections = [...lists]
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([key, list]) => {
          const section = document.createElement("section");
          section.className = "group";
          const title = document.createElement("h3");
          const tally = document.createElement("span");
          tally.className = "tally";
          title.append(key, " ", tally);
          section.append(title, ...list.map(({ element }) => element));
          return { section, tally, list };
        });
    }
    groups.replaceChildren(...sections.map(({ section }) => section));
  };

  /** The state of the controls, as it stands in the address. */
  const state = () => {
    const given = new URLSearchParams();
    for (const select of selects) if (select.value !== "") given.set(select.name, select.value);
    if (search.value !== "") given.set("q", search.value);
    if (grouping.value !== "rule") given.set("group", grouping.value);
    return given.toString();
  };

  const remember = () => {
    const words = state();
    history.replaceState(null, "", words === "" ? location.pathname + location.search : `#${words}`);
  };

  let groupedBy = "rule";
  const apply = () => {
    if (grouping.value !== groupedBy) {
      groupedBy = grouping.value;
      regroup(groupedBy);
    }
    filter();
  };

  /** A finding that a link leads to is shown whatever the filters say. */
  const follow = () => {
    const id = location.hash.slice(1);
    if (id === "") return;
    const found = findings.find(({ element }) => element.id === id);
    if (found !== undefined) {
      if (!found.isShown) {
        controls.reset();
        apply();
      }
      found.element.scrollIntoView();
      return;
    }
    if (!id.includes("=")) return;
    const given = new URLSearchParams(id);
    for (const select of selects) select.value = given.get(select.name) ?? "";
    search.value = given.get("q") ?? "";
    grouping.value = given.get("group") ?? "rule";
    if (grouping.value === "") grouping.value = "rule";
    apply();
  };

  /** @param {string} words */
  const code = (words) => {
    const runs = words.match(/`+/g) ?? [];
    const fence = "`".repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
    return runs.length > 0 ? `${fence} ${words} ${fence}` : fence + words + fence;
  };

  /** @param {HTMLElement} element */
  const markdownOf = (element) => {
    /** @param {string} selector */
    const words = (selector) => (element.querySelector(selector)?.textContent ?? "").replace(/\s+/g, " ").trim();
    const { severity = "", rule = "", effect = "", confidence = "" } = element.dataset;
    const place = element.querySelector(".place")?.textContent ?? "";
    return `- **${severity}** ${code(place)} ${code(rule)} (${effect}, ${confidence}): ${words(".message")} ${words(".remedy")}`;
  };

  /** @param {string} text @param {HTMLButtonElement} button */
  const copy = async (text, button) => {
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way where a page from disk may not use the clipboard
      done = document.execCommand("copy");
      area.remove();
      button.focus();
    }
    count.textContent = done ? "Copied." : "The browser does not let this page copy.";
  };

  controls.hidden = false;
  for (const button of groups.querySelectorAll(".copy")) /** @type {HTMLElement} */ (button).hidden = false;
  controls.addEventListener("submit", (event) => {
    event.preventDefault();
  });
  controls.addEventListener("change", () => {
    apply();
    remember();
  });
  let waiting = 0;
  search.addEventListener("input", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => {
      apply();
      remember();
    });
  });
  controls.addEventListener("reset", () => {
    setTimeout(() => {
      apply();
      remember();
    });
  });
  document.getElementById("copy-all")?.addEventListener("click", (event) => {
    const shown = findings.filter(({ isShown }) => isShown).map(({ element }) => markdownOf(element));
    void copy(`${shown.join("\n")}\n`, /** @type {HTMLButtonElement} */ (event.currentTarget));
  });
  groups.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button.copy") : null;
    const element = button?.closest(".finding");
    if (button instanceof HTMLButtonElement && element instanceof HTMLElement)
      void copy(`${markdownOf(element)}\n`, button);
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof HTMLElement && /^(?:INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    search.focus();
  });
  addEventListener("hashchange", follow);

  // On paper nothing can be opened.
  /** @type {HTMLDetailsElement[]} */
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll("details:not([open])")]);
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
    opened = [];
  });

  filter();
  follow();
})();
