import { useMemo } from "react";
import uPlot from "uplot";
import { duration } from "#base/time-words.ts";
import type { Evidence } from "#client/evidence.ts";
import { axisOf, type Colour, Plot } from "#web/charts/plot.tsx";

/** Room that the label of a bin takes. */
const labelPixels = 58;

/** Waits between actions, or answers to the server, in bins; the line shows what people have in the same bins. */
export function Histogram({ evidence }: { readonly evidence: Evidence }) {
  const { edges, counts, people, kind, text } = evidence;
  const inSeconds = kind === "responses" ? 1e-3 : 1;
  const data = useMemo((): uPlot.AlignedData => {
    const bins = counts.map((_, index) => index);
    return people.length === 0 ? [bins, [...counts]] : [bins, [...counts], [...people]];
  }, [counts, people]);
  const label = (bin: number): string => (bin < edges.length ? duration((edges[bin] as number) * inSeconds) : "more");
  const options = (colour: Colour): Omit<uPlot.Options, "width" | "height"> => ({
    padding: [10, 8, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: [-0.6, counts.length - 0.4] },
      y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.08)] },
    },
    axes: [
      {
        ...axisOf(colour),
        size: 26,
        grid: { show: false },
        splits: () => counts.map((_, index) => index),
        // Labels that have no room leave, their places stay.
        filter: (plot, splits) => splits.map((bin) => (bin % Math.ceil((splits.length * labelPixels) / plot.width) === 0 ? bin : null)),
        values: (_plot, splits) => splits.map((bin) => (typeof bin === "number" ? label(bin) : "")),
      },
      { ...axisOf(colour), size: 40, space: 30 },
    ],
    series: [
      {},
      {
        stroke: colour("--accent"),
        fill: `${colour("--accent")}66`,
        width: 1,
        points: { show: false },
        paths: (uPlot.paths.bars as NonNullable<typeof uPlot.paths.bars>)({ size: [0.8, 60] }),
      },
      ...(people.length === 0 ? [] : [{ stroke: colour("--to-client"), width: 2, points: { size: 4 } }]),
    ],
  });
  return (
    <>
      <ul className="player-legend">
        <li style={{ ["--colour" as string]: "var(--accent)" }}>
          <span className="swatch">this player</span>
        </li>
        {people.length > 0 && (
          <li style={{ ["--colour" as string]: "var(--to-client)" }}>
            <span className="swatch">people</span>
          </li>
        )}
        <li className="dim">{kind === "responses" ? "time to answer, up to" : "wait before an action, up to"}</li>
      </ul>
      <div className="player-plot">
        <Plot label={text} data={data} options={options} shape={`${counts.length} ${people.length > 0}`} />
      </div>
    </>
  );
}
