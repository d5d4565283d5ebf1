import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useServices } from "#web/state/context.ts";
import type { Measure } from "#web/state/series.ts";
import { ThroughputPlot } from "./throughput-plot.ts";
import "uplot/dist/uPlot.min.css";
import "./charts.css";

interface Props {
  readonly measure: Measure;
  /** How far back; infinite for all that is known. */
  readonly seconds: number;
}

/** Throughput over time, stacked by protocol. */
export function Throughput({ measure, seconds }: Props) {
  const { live } = useServices();
  const scheme = useComputedColorScheme();
  const parent = useRef<HTMLDivElement>(null);
  const plot = useRef<ThroughputPlot>(undefined);

  useEffect(() => {
    const element = parent.current;
    if (element === null) return undefined;
    const made = new ThroughputPlot(element, live.series);
    plot.current = made;
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [live]);

  useEffect(() => {
    let drawn = -1;
    const draw = () => {
      if (drawn === live.series.version) return;
      drawn = live.series.version;
      plot.current?.update(measure, seconds);
    };
    draw();
    return live.subscribe(draw);
  }, [live, measure, seconds]);

  useEffect(() => {
    // The theme's attribute stands on the document by now, so the colours read are the new ones.
    if (scheme !== undefined) plot.current?.rebuild();
  }, [scheme]);

  return (
    <div
      ref={parent}
      className="plot"
      role="img"
      aria-label={`Throughput over time by protocol, in ${measure} per second; the numbers stand beside`}
    />
  );
}
