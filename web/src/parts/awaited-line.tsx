import type { Loaded } from "#web/state/use-loaded.ts";
import "./awaited-line.css";

/** Keeps the height of a line that an answer will fill, so that what stands below does not jump. */
export const AwaitedLine = () => <div className="awaited-line" aria-hidden="true" />;

/** True until there is a first answer, be it a failure. */
export const isAwaited = ({ data, error }: Loaded<unknown>): boolean => data === undefined && error === undefined;
