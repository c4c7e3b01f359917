// <div data-chart="key"> and <script type="application/json" id="key"> make a chart.
// The colours come from the style sheet, so that light and dark and print agree.
const charts = new Map();

const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const grouped = (value) =>
  new Intl.NumberFormat(document.documentElement.lang || undefined, { maximumFractionDigits: 4 }).format(value);

function option(spec) {
  const lying = spec.kind === "rows";
  const dark = document.documentElement.getAttribute("data-bs-theme") === "dark";
  const words = dark ? "#a9b6b4" : "#5b6664";
  const rule = dark ? "rgba(255,255,255,.10)" : "rgba(16,48,47,.10)";
  const names = {
    type: "category",
    data: spec.categories,
    inverse: lying,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: rule } },
    axisLabel: { color: words, width: lying ? 120 : undefined, overflow: "truncate", hideOverlap: true },
  };
  const amounts = {
    type: "value",
    axisLabel: { color: words, formatter: grouped, hideOverlap: true },
    splitLine: { lineStyle: { color: rule } },
  };
  return {
    animationDuration: 300,
    aria: { enabled: true },
    color: [1, 2, 3, 4, 5].map((n) => ink(`--chart-${n}`)),
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 4, right: lying ? 28 : 16, top: spec.series.length > 1 ? 40 : 12, bottom: 4, containLabel: true },
    legend: spec.series.length > 1 ? { top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 8, textStyle: { color: words } } : undefined,
    // The usual tooltip is HTML with inline styles, which the CSP forbids; this one is drawn.
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: spec.kind === "line" ? "line" : "shadow" }, valueFormatter: (value) => (value === null || value === "" ? "" : grouped(value)) },
    xAxis: lying ? amounts : names,
    yAxis: lying ? names : amounts,
    series: spec.series.map((one) => ({
      name: one.name,
      type: spec.kind === "line" ? "line" : "bar",
      stack: spec.stacked ? "all" : undefined,
      data: one.values.map((value) => (value === "" ? null : Number(value))),
      barMaxWidth: 22,
      symbolSize: 5,
      itemStyle: { borderRadius: spec.stacked ? 0 : 2 },
    })),
  };
}

function draw(place) {
  const source = document.getElementById(place.dataset.chart);
  if (!source || !window.echarts) {
    return;
  }
  const spec = JSON.parse(source.textContent);
  if (spec.kind === "rows") {
    place.classList.add(spec.categories.length > 8 ? "chart-tall" : "chart");
  }
  const chart = window.echarts.getInstanceByDom(place) ?? window.echarts.init(place, null, { renderer: "canvas" });
  chart.setOption(option(spec), true);
  charts.set(place, chart);
}

const drawAll = (root) => {
  for (const place of root.querySelectorAll("[data-chart]")) {
    draw(place);
  }
};

drawAll(document);
document.addEventListener("bondpool:theme", () => drawAll(document));
document.addEventListener("htmx:load", (event) => drawAll(event.target));
new ResizeObserver(() => {
  for (const chart of charts.values()) {
    chart.resize();
  }
}).observe(document.body);
