import { useEffect, useRef } from "react";
import { useServices } from "#web/state/context.ts";
import type { LiveStore } from "#web/state/live-store.ts";
import { peak } from "./stack.ts";

const POINTS = 90;

/** A small line without axes: the last minute and a half of one column. Draws straight to its canvas, without React. */
export function Sparkline({ column }: { readonly column: "bits" | "packets" | "events" | "flows" }) {
  const { live } = useServices();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const redraw = () => draw(element, live, column);
    const observer = new ResizeObserver(redraw);
    observer.observe(element);
    const unsubscribe = live.subscribe(redraw);
    return () => {
      observer.disconnect();
      unsubscribe();
    };
  }, [live, column]);
  return (
    <span className="sparkline" aria-hidden="true">
      <canvas ref={canvas} />
    </span>
  );
}

function draw(canvas: HTMLCanvasElement, live: LiveStore, column: "bits" | "packets" | "events" | "flows"): void {
  const { clientWidth, clientHeight } = canvas;
  const context = canvas.getContext("2d");
  if (context === null || clientWidth === 0) return;
  const ratio = window.devicePixelRatio;
  canvas.width = clientWidth * ratio;
  canvas.height = clientHeight * ratio;
  context.scale(ratio, ratio);
  const { series } = live;
  const values = series[column].subarray(Math.max(0, series.count - POINTS), series.count);
  const top = peak(values);
  if (values.length < 2 || top === 0) return;
  const x = (index: number) => ((index + POINTS - values.length) / (POINTS - 1)) * clientWidth;
  const y = (value: number) => clientHeight - 1 - (value / top) * (clientHeight - 3);
  const colour = getComputedStyle(canvas).color;
  context.beginPath();
  for (let i = 0; i < values.length; i++) context.lineTo(x(i), y(values[i] as number));
  context.strokeStyle = colour;
  context.lineWidth = 1.25;
  context.lineJoin = "round";
  context.stroke();
  context.lineTo(x(values.length - 1), clientHeight);
  context.lineTo(x(0), clientHeight);
  context.globalAlpha = 0.12;
  context.fillStyle = colour;
  context.fill();
}
