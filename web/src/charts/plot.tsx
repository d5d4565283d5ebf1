import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import "./charts.css";

/** Colours and fonts of the present theme, by the names of the page's variables. */
export type Colour = (name: string) => string;

interface Props {
  /** What is drawn, for those who do not see it. */
  readonly label: string;
  readonly data: uPlot.AlignedData;
  /** Everything but the size. Called when the plot is made, and again when the theme changes. */
  readonly options: (colour: Colour) => Omit<uPlot.Options, "width" | "height">;
  /** Another shape makes the plot anew; with the same one only the numbers change. */
  readonly shape: string;
}

/** An uPlot that follows its place's size, the theme and its numbers. */
export function Plot({ label, data, options, shape }: Props) {
  const scheme = useComputedColorScheme();
  const parent = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef({ data, options });
  latest.current = { data, options };

  // biome-ignore lint/correctness/useExhaustiveDependencies: theme and shape make the plot anew
  useEffect(() => {
    const element = parent.current;
    if (element === null) return undefined;
    const size = () => ({ width: element.clientWidth, height: element.clientHeight });
    const style = getComputedStyle(element);
    const made = new uPlot({ ...latest.current.options((name) => style.getPropertyValue(name)), ...size() }, latest.current.data, element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize(size()));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [scheme, shape]);

  useEffect(() => plot.current?.setData(data), [data]);

  return <div ref={parent} className="plot" role="img" aria-label={label} />;
}

/** An axis as all plots have it. */
export const axisOf = (colour: Colour): uPlot.Axis => ({
  stroke: colour("--dim"),
  font: `11px ${colour("--font")}`,
  grid: { stroke: colour("--line-soft"), width: 1 },
  ticks: { show: false },
});
