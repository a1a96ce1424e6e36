// What pages do beyond HTML: the theme, live runs, charts, confirmations. Everything works without it.
"use strict";
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  // --- light or dark: kept in a cookie, so that the server draws the page right at once
  const isDark = () => root.dataset.theme === "dark" || (root.dataset.theme !== "light" && dark.matches);
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const theme = isDark() ? "light" : "dark";
      root.dataset.theme = theme;
      document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${location.protocol === "https:" ? "; Secure" : ""}`;
      drawAll();
    });
  }
  dark.addEventListener("change", () => drawAll());

  // --- a run that goes on: the server sends the part of the page that changes
  const live = document.querySelector("[data-events]");
  if (live) {
    const events = new EventSource(live.dataset.events);
    events.addEventListener("live", event => { live.innerHTML = event.data; });
    events.addEventListener("ended", () => { events.close(); location.reload(); });
    addEventListener("pagehide", () => events.close());
  }

  // --- a button that asks for a name waits until the name is right
  for (const input of document.querySelectorAll("[data-must-be]")) {
    const button = input.form.querySelector("button[type=submit]");
    const judge = () => { button.disabled = input.value !== input.dataset.mustBe; };
    input.addEventListener("input", judge);
    judge();
  }

  // --- what was opened over the page closes by Escape, or by a click beside it
  const opened = () => document.querySelectorAll("details.wish[open]");
  document.addEventListener("keydown", event => {
    if (event.key === "Escape") for (const wish of opened()) { wish.open = false; wish.querySelector("summary").focus(); }
  });
  document.addEventListener("click", event => {
    for (const wish of opened()) if (!wish.contains(event.target)) wish.open = false;
  });
  for (const wish of document.querySelectorAll("details.wish")) {
    wish.addEventListener("toggle", () => {
      if (wish.open) wish.querySelector("input:not([type=hidden]), select, button")?.focus();
    });
  }

  // --- what was unfolded stays so when its part of the page is refreshed
  let unfolded = [];
  document.addEventListener("htmx:beforeSwap", event => {
    unfolded = [...event.detail.target.querySelectorAll("details[id][open]")].map(details => details.id);
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  });

  // --- what is sent is sent once
  document.addEventListener("submit", event => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });

  // --- charts
  const charts = new Map();
  const colour = name => getComputedStyle(root).getPropertyValue(name).trim();
  const powers = ["", "k", "M", "G", "T", "P"];
  const short = value => {
    if (value === 0) return "0";
    const power = Math.max(0, Math.min(powers.length - 1, Math.floor(Math.log10(Math.abs(value)) / 3)));
    const scaled = value / 1000 ** power;
    return `${+scaled.toFixed(Math.abs(scaled) < 10 ? 2 : Math.abs(scaled) < 100 ? 1 : 0)}${powers[power] ? " " + powers[power] : ""}`;
  };
  const figure = (value, unit) => {
    if (value == null) return "–";
    switch (unit) {
      case "bytes": return `${short(value)}${value >= 1000 ? "" : " "}B`;
      case "percent": return `${+value.toFixed(1)} %`;
      case "millis": return value >= 1000 ? `${+(value / 1000).toFixed(2)} s` : `${+value.toFixed(2)} ms`;
      case "per second": return `${short(value)}/s`;
      default: return short(value);
    }
  };
  const stamp = at => new Date(at * 1000).toISOString().slice(0, 16).replace("T", " ");
  const when = at => {
    const date = new Date(at * 1000);
    return at % 86_400 === 0
      ? `${date.getUTCDate()} ${date.toLocaleString("en", { month: "short", timeZone: "UTC" })}`
      : stamp(at).slice(11);
  };
  const strokes = ["--accent", "--ok", "--warn", "--unknown", "--crit", "--ink-soft"];

  const draw = (place, data) => {
    charts.get(place)?.chart?.destroy();
    place.replaceChildren();
    const unit = place.dataset.unit;
    const last = data.at.length - 1;
    const axis = { stroke: colour("--ink-soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: "11px system-ui, sans-serif" };
    const chart = new uPlot({
      width: place.clientWidth, height: 150, padding: [8, 22, 0, 0], tzDate: at => uPlot.tzDate(new Date(at * 1000), "Etc/UTC"),
      scales: { y: { range: (self, low, high) => [Math.min(0, low ?? 0), (high ?? 0) * 1.08 || 1] } },
      cursor: { points: { size: 6 }, drag: { x: false, y: false } },
      // Nobody points at it: the newest values.
      hooks: { setCursor: [self => { if (self.cursor.idx == null) self.setLegend({ idx: last }); }] },
      axes: [{ ...axis, size: 28, space: 60, values: (self, ticks) => ticks.map(when) },
        { ...axis, size: 62, space: 30, values: (self, ticks) => ticks.map(tick => figure(tick, unit)) }],
      series: [{ label: "at", value: (self, at) => at == null ? "–" : stamp(at) },
        ...data.series.map((line, number) => ({
          label: line.name, width: 1.5, stroke: colour(strokes[number % strokes.length]), points: { show: false },
          fill: data.series.length === 1 ? colour("--accent-soft") : undefined, value: (self, value) => figure(value, unit) }))],
    }, [data.at, ...data.series.map(line => line.values)], place);
    chart.setLegend({ idx: last });
    chart.root.setAttribute("role", "img");
    chart.root.setAttribute("aria-label", `${place.dataset.title}: ` + data.series.map(line =>
      `${line.name} ${figure(line.values.findLast(value => value != null), unit)}`).join(", "));
    charts.set(place, { chart, data });
  };
  const drawAll = () => { for (const [place, { data }] of charts) draw(place, data); };
  if (window.uPlot) {
    const widths = new ResizeObserver(entries => {
      for (const { target } of entries) charts.get(target)?.chart.setSize({ width: target.clientWidth, height: 150 });
    });
    const fetchChart = async place => {
      try {
        const answer = await fetch(place.dataset.chart, { headers: { Accept: "application/json" } });
        if (!answer.ok) return;
        const data = await answer.json();
        if (data.at.length > 1) draw(place, data);
      } catch { /* what is drawn stays */ }
    };
    for (const place of document.querySelectorAll("[data-chart]")) {
      fetchChart(place);
      widths.observe(place);
      setInterval(() => { if (!document.hidden) fetchChart(place); }, 60_000);
    }
  }
})();
