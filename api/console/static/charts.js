// Draws what an element's data-chart says, in the colours of the theme. Tooltips are drawn too: the page allows no inline style.
"use strict";
(() => {
  const said = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const colours = () => ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6", "--c7", "--c8"].map(said);

  const common = () => ({
    animation: false,
    color: colours(),
    textStyle: { color: said("--ink"), fontFamily: getComputedStyle(document.body).fontFamily },
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: said("--paper"),
      borderColor: said("--edge"),
      textStyle: { color: said("--ink") },
    },
  });

  const shortened = (name, width) => (name.length > width ? name.slice(0, width - 1) + "…" : name);

  const kinds = {
    sankey(data, width) {
      const narrow = width < 640;
      const last = Math.max(...data.nodes.map((one) => one.depth));
      return {
        ...common(),
        tooltip: {
          ...common().tooltip,
          formatter: ({ dataType, data: one }) =>
            dataType === "edge" ? `${one.source} → ${one.target}\n${one.says} ${data.unit}` : one.name,
        },
        series: [
          {
            type: "sankey",
            left: 4, right: narrow ? 60 : 120, top: 8, bottom: 18,
            nodeWidth: 10, nodeGap: narrow ? 5 : 9, draggable: false, layoutIterations: 48, emphasis: { focus: "adjacency" },
            data: data.nodes.map((one, place) => ({
              ...one,
              itemStyle: { color: colours()[(place + one.depth) % 8], borderWidth: 0 },
            })),
            links: data.links,
            lineStyle: { color: "source", opacity: 0.28, curveness: 0.5 },
            label: {
              color: said("--ink"), fontSize: narrow ? 9 : 12, textBorderWidth: 2, textBorderColor: said("--paper"),
              formatter: ({ name }) => shortened(name, narrow ? 7 : last > 3 ? 16 : 24),
            },
          },
        ],
      };
    },
    lines(data) {
      const axis = { axisLabel: { color: said("--soft") }, axisLine: { lineStyle: { color: said("--edge") } } };
      const symbols = ["circle", "rect", "triangle", "diamond"];
      return {
        ...common(),
        tooltip: { ...common().tooltip, trigger: "axis", valueFormatter: (value) => `${value} ${data.unit}` },
        legend: { textStyle: { color: said("--ink") }, top: 0 },
        grid: { left: 8, right: 36, top: 36, bottom: 4, containLabel: true },
        xAxis: { type: "category", data: data.at, boundaryGap: false, ...axis },
        yAxis: { type: "value", name: data.unit, splitLine: { lineStyle: { color: said("--line") } }, ...axis },
        series: data.lines.map((one, place) => ({
          type: "line", name: one.name, data: one.values, symbol: symbols[place % 4], symbolSize: 7,
          lineStyle: { width: 2, type: one.dashed ? "dashed" : "solid" },
        })),
      };
    },
  };

  const drawn = new Map();

  const draw = (element) => {
    const data = JSON.parse(element.dataset.chart);
    const chart = drawn.get(element) || echarts.init(element, null, { renderer: "canvas" });
    drawn.set(element, chart);
    chart.setOption(kinds[data.kind](data, element.clientWidth), { notMerge: true });
  };

  const all = () => {
    for (const element of drawn.keys()) if (!element.isConnected) { drawn.get(element).dispose(); drawn.delete(element); }
    document.querySelectorAll("[data-chart]").forEach(draw);
  };

  document.addEventListener("DOMContentLoaded", all);
  document.addEventListener("htmx:after:swap", all);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
  let waiting;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { drawn.forEach((chart) => chart.resize()); all(); }, 150);
  });
})();
