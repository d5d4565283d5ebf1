import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { microsOf, moment } from "#base/time-words.ts";
import { bytes, count, many, percent } from "#base/units.ts";
import type { GivenCapture } from "#schema/given-capture.ts";
import { Failure } from "#web/parts/failure.tsx";
import { Icon } from "#web/parts/icon.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { Side } from "#web/parts/side.tsx";
import { captureHref, captureShown } from "#web/shell/base-path.ts";
import type { Giving } from "#web/state/capture-giver.ts";
import { useServices } from "#web/state/context.ts";
import { useLoaded } from "#web/state/use-loaded.ts";
import "./captures.css";

const ASK_EVERY_MS = 700;
const isSettled = ({ state }: GivenCapture): boolean => state === "ready" || state === "failed";

/** Captures that were given to be read, and how to give one more. What is given while this is open opens when it is ready. */
export default function CapturesSide({ onClose }: { readonly onClose: () => void }) {
  const { api, giver } = useServices();
  const givings = useSyncExternalStore(giver.subscribe, giver.state);
  const answer = useLoaded("captures", api.captures.list, ASK_EVERY_MS);
  const [refusal, setRefusal] = useState("");
  const { captures = [], bytes_max: bytesMax = 0 } = answer.data ?? {};
  useOpenWhenReady(givings, captures);
  const refuse = (error: unknown) => setRefusal(error instanceof Error ? error.message : String(error));
  const remove = (id: string) => void api.captures.remove(id).then(answer.reload, refuse);
  const onTheWay = givings.filter(({ id }) => id === undefined);
  return (
    <Side label="captures" title={<strong>Captures</strong>} onClose={onClose}>
      {answer.error !== undefined && <Failure what="The captures could not be asked for." error={answer.error} retry={answer.reload} />}
      {answer.data !== undefined && bytesMax === 0 && (
        <Notice title="No captures are taken here.">
          Oddwire runs without a store, or with <code>api.capture-bytes-max=0</code>. <code>oddwire read CAPTURE</code> reads one on the
          command line.
        </Notice>
      )}
      {bytesMax > 0 && <GiveFile bytesMax={bytesMax} onFiles={giver.give} />}
      {refusal !== "" && <Notice title={refusal} tone="error" />}
      {onTheWay.length > 0 && (
        <ul className="captures" aria-label="On the way">
          {onTheWay.map((giving) => (
            <OnTheWay key={giving.key} giving={giving} onForget={() => giver.forget(giving.key)} />
          ))}
        </ul>
      )}
      {bytesMax > 0 && captures.length === 0 && onTheWay.length === 0 && (
        <Notice title="None was given yet.">The eight newest are kept, each with its flows, events and findings.</Notice>
      )}
      <ul className="captures" aria-label="Captures">
        {captures
          .filter(({ state }) => state !== "taking")
          .map((capture) => (
            <Capture key={capture.id} capture={capture} onRemove={() => remove(capture.id)} />
          ))}
      </ul>
    </Side>
  );
}

/** Opens the one that was given here last, as soon as it has been read. */
function useOpenWhenReady(givings: readonly Giving[], captures: readonly GivenCapture[]): void {
  const last = givings.findLast(({ id }) => id !== undefined)?.id;
  const capture = captures.find(({ id }) => id === last);
  const target = capture?.state === "ready" && capture.id !== captureShown ? captureHref(capture.id) : undefined;
  useEffect(() => {
    if (target !== undefined) location.assign(target);
  }, [target]);
}

function GiveFile({ bytesMax, onFiles }: { readonly bytesMax: number; readonly onFiles: (files: Iterable<File>) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="captures-give">
      <p>Drop a capture anywhere on this page, or choose one. It is read like live traffic, by the same rules, into a store of its own.</p>
      <input
        ref={input}
        type="file"
        multiple
        className="visually-hidden"
        tabIndex={-1}
        aria-label="Capture files"
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
      <button type="button" className="button" onClick={() => input.current?.click()}>
        <Icon name="upload" size={15} /> Choose a capture
      </button>
      <span className="dim">at most {bytes(bytesMax)} each</span>
    </div>
  );
}

function OnTheWay({ giving: { name, size, sent, error }, onForget }: { readonly giving: Giving; readonly onForget: () => void }) {
  return (
    <li data-tone={error === undefined ? undefined : "error"}>
      <strong className="cut" title={name}>
        {name}
      </strong>
      {error === undefined ? (
        <>
          <progress value={sent} max={Math.max(1, size)} aria-label={`${name} on its way`} />
          <span className="dim num">{percent(size === 0 ? 1 : sent / size)} sent</span>
        </>
      ) : (
        <>
          <span role="alert">{error}</span>
          <button type="button" className="icon-button small" aria-label={`Forget ${name}`} title="Forget" onClick={onForget}>
            <Icon name="close" size={13} />
          </button>
        </>
      )}
    </li>
  );
}

function Capture({ capture, onRemove }: { readonly capture: GivenCapture; readonly onRemove: () => void }) {
  const { id, name, state } = capture;
  return (
    <li data-tone={state === "failed" ? "error" : undefined} aria-busy={!isSettled(capture)}>
      {state === "ready" ? (
        <a className="cut" href={captureHref(id)} title={name} aria-current={id === captureShown ? "page" : undefined}>
          <strong>{name}</strong>
        </a>
      ) : (
        <strong className="cut" title={name}>
          {name}
        </strong>
      )}
      <button
        type="button"
        className="icon-button small"
        aria-label={`Remove ${name}`}
        title="Remove it, and all that was read of it"
        onClick={onRemove}
      >
        <Icon name="close" size={13} />
      </button>
      {state === "reading" && <progress value={capture.share} max={1} aria-label={`${name} is read`} />}
      <span className="dim captures-said">{wordsFor(capture)}</span>
    </li>
  );
}

function wordsFor(capture: GivenCapture): string {
  const { state, packets = 0, flows = 0, findings = 0, cause = "" } = capture;
  if (state === "failed") return cause;
  if (state === "waiting") return `${bytes(capture.bytes)}, waits for its turn`;
  if (state === "reading") return `reading, ${count(packets)} packets so far`;
  const given = moment(microsOf(capture.given_at)).slice(0, 16);
  return `${many(findings, "finding")}, ${many(flows, "flow")}, ${many(packets, "packet")}, ${bytes(capture.bytes)}; given ${given}`;
}
