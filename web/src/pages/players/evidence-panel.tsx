import { duration } from "#base/time-words.ts";
import type { Evidence } from "#client/evidence.ts";
import { Notice } from "#web/parts/notice.tsx";
import { Histogram } from "./histogram.tsx";

const titles = {
  text: "Why",
  intervals: "Waits between actions",
  responses: "Answers to the server",
  sequence: "Sequence that comes again",
  path: "Path that comes again",
} as const;

/** What speaks for a program: first in words, then what can be looked at. */
export function EvidencePanels({ evidence }: { readonly evidence: readonly Evidence[] }) {
  const said = evidence.filter(({ kind }) => kind === "text");
  const drawn = evidence.filter(({ kind }) => kind !== "text");
  return (
    <>
      <section className="panel player-wide" aria-label="Evidence">
        <div className="panel-head">
          <h2>Evidence</h2>
        </div>
        {said.length === 0 ? (
          <Notice title="Nothing stands out.">What people do and what this player does look alike so far.</Notice>
        ) : (
          <ol className="player-reasons">
            {said.map(({ text }) => (
              <li key={text}>{text}</li>
            ))}
          </ol>
        )}
      </section>
      {drawn.map((one) => (
        <section key={`${one.kind} ${one.text}`} className="panel" aria-label={titles[one.kind]}>
          <div className="panel-head">
            <h2>{titles[one.kind]}</h2>
          </div>
          <div className="panel-body">
            <p className="player-said">{one.text}</p>
            <Drawing evidence={one} />
          </div>
        </section>
      ))}
    </>
  );
}

function Drawing({ evidence }: { readonly evidence: Evidence }) {
  if (evidence.kind === "sequence") return <Loop evidence={evidence} />;
  if (evidence.kind === "path") return <Path evidence={evidence} />;
  return <Histogram evidence={evidence} />;
}

/** The loop once, with the wait in front of each action. */
function Loop({ evidence: { opcodes, waits } }: { readonly evidence: Evidence }) {
  return (
    <ol className="player-loop">
      {opcodes.map((opcode, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same opcode stands in the loop often, and its place never changes
        <li key={index}>
          {waits[index] !== undefined && <span className="dim num">{duration(waits[index])}</span>}
          <span className="mono">{opcode}</span>
        </li>
      ))}
    </ol>
  );
}

/** Edge of the drawing, in its own units. */
const drawingMargin = 6;

/** The path once, north up, both axes to one scale. */
function Path({ evidence: { points, text } }: { readonly evidence: Evidence }) {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, top] = [Math.min(...xs), Math.max(...ys)];
  const span = Math.max(Math.max(...xs) - left, top - Math.min(...ys)) || 1;
  const scale = (200 - 2 * drawingMargin) / span;
  const placed = points.map(([x, y]) => [drawingMargin + (x - left) * scale, drawingMargin + (top - y) * scale] as const);
  const height = Math.max(40, 2 * drawingMargin + (top - Math.min(...ys)) * scale);
  const [start] = placed;
  return (
    <svg className="player-path" viewBox={`0 0 200 ${height}`} role="img" aria-label={text}>
      <polygon points={placed.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")} />
      {placed.map(([x, y]) => (
        <circle key={`${x} ${y}`} cx={x} cy={y} r="1.6" />
      ))}
      {start !== undefined && <circle className="player-path-start" cx={start[0]} cy={start[1]} r="3.4" />}
    </svg>
  );
}
