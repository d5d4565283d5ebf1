import uPlot from "uplot";
import { clock } from "#base/time-words.ts";
import { bitRate, rate, si } from "#base/units.ts";
import type { Measure, Series, Window } from "#web/state/series.ts";
import { protocolColour } from "./palette.ts";
import { stacked } from "./stack.ts";

/** Protocols with a layer of their own. */
export const LAYERS_MAX = 6;
const CURSOR_SYNC = "throughput";

/** Value of the measure with its unit. */
export const shown = (measure: Measure, value: number): string =>
  measure === "bits" ? bitRate(value) : rate(value).replace("/s", "pkt/s");

/**
 * Stacked throughput by protocol in an uPlot. The plot is made anew when its layers or the theme change, otherwise only
 * its columns are replaced. Knows nothing of React.
 */
export class ThroughputPlot {
  readonly #parent: HTMLElement;
  readonly #series: Series;
  readonly #tip: HTMLElement;
  #plot: uPlot | undefined;
  #window: Window | undefined;
  #measure: Measure = "bits";
  #seconds = 300;
  #layers = "";

  constructor(parent: HTMLElement, series: Series) {
    this.#parent = parent;
    this.#series = series;
    this.#tip = parent.ownerDocument.createElement("div");
    this.#tip.className = "plot-tip";
    this.#tip.hidden = true;
    parent.append(this.#tip);
  }

  /** Draws the last `seconds` of the measure. */
  update(measure: Measure, seconds: number): void {
    this.#measure = measure;
    this.#seconds = seconds;
    const window = this.#series.window(measure, seconds, LAYERS_MAX);
    this.#window = window;
    const layers = `${measure} ${window.parts.map((part) => part.name).join(" ")}`;
    if (this.#plot === undefined || layers !== this.#layers) {
      this.#layers = layers;
      this.rebuild();
      return;
    }
    this.#plot.setData([window.times, ...stacked(window)], true);
  }

  /** Makes the plot anew with the colours of the present theme. */
  rebuild(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    const window = this.#window;
    const { clientWidth: width, clientHeight: height } = this.#parent;
    if (window === undefined || width === 0) return;
    this.#plot = new uPlot(this.#options(window, width, height), [window.times, ...stacked(window)], this.#parent);
  }

  resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#parent;
    if (this.#plot === undefined) this.rebuild();
    else this.#plot.setSize({ width, height });
  }

  destroy(): void {
    this.#plot?.destroy();
    this.#tip.remove();
  }

  #options(window: Window, width: number, height: number): uPlot.Options {
    const style = getComputedStyle(this.#parent);
    const axis = {
      stroke: style.getPropertyValue("--dim"),
      font: `11px ${style.fontFamily}`,
      grid: { stroke: style.getPropertyValue("--line-soft"), width: 1 },
      ticks: { show: false },
    };
    return {
      width,
      height,
      padding: [10, 22, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false }, sync: { key: CURSOR_SYNC } },
      scales: {
        x: { time: true, range: () => this.#range() },
        y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.08 : 1] },
      },
      axes: [
        { ...axis, size: 26, space: 80, values: (_plot, splits) => splits.map((split) => tick(split, this.#seconds)) },
        { ...axis, size: 54, space: 36, values: (_plot, splits) => splits.map((split) => (split === 0 ? "0" : si(split))) },
      ],
      series: [{}, ...window.parts.map((part) => layer(part.name))],
      bands: window.parts.slice(1).map((_part, index) => ({ series: [index + 2, index + 1] as [number, number] })),
      hooks: { setCursor: [(plot) => this.#showTip(plot)] },
    };
  }

  #range(): [number, number] {
    const to = this.#series.newest;
    const first = this.#series.times[0] ?? to;
    if (!Number.isFinite(this.#seconds)) return [first, Math.max(to, first + 1)];
    return [to - this.#seconds, to];
  }

  /** Written as text nodes: protocol names come from the wire. */
  #showTip(plot: uPlot): void {
    const { left = -1, idx } = plot.cursor;
    const window = this.#window;
    this.#tip.hidden = left < 0 || typeof idx !== "number" || window === undefined;
    if (window === undefined || typeof idx !== "number" || this.#tip.hidden) return;
    const line = (name: string, value: string, colour?: string) => tipLine(this.#tip.ownerDocument, name, value, colour);
    const lines = [line(clock((window.times[idx] as number) * 1e6), shown(this.#measure, window.total[idx] as number))];
    for (const part of window.parts.toReversed()) {
      const value = part.values[idx] as number;
      if (value > 0) lines.push(line(part.name, shown(this.#measure, value), protocolColour(part.name)));
    }
    this.#tip.replaceChildren(...lines);
    const offset = plot.over.offsetLeft + left;
    const flip = left > plot.over.clientWidth / 2;
    this.#tip.style.transform = `translate(${flip ? offset - this.#tip.offsetWidth - 12 : offset + 12}px, 8px)`;
  }
}

const layer = (name: string): uPlot.Series => {
  const colour = protocolColour(name);
  return { stroke: colour, fill: `${colour}59`, width: 1, points: { show: false } };
};

/** Hours and minutes; seconds only when the window is short. */
const tick = (seconds: number, span: number): string => (span <= 300 ? clock(seconds * 1e6) : clock(seconds * 1e6).slice(0, 5));

function tipLine(owner: Document, name: string, value: string, colour: string | undefined): HTMLElement {
  const line = owner.createElement("div");
  const label = owner.createElement("span");
  const amount = owner.createElement("b");
  label.textContent = name;
  amount.textContent = value;
  if (colour !== undefined) label.style.setProperty("--colour", colour);
  label.className = colour === undefined ? "plot-tip-time" : "swatch";
  line.append(label, amount);
  return line;
}
