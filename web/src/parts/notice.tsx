import type { ReactNode } from "react";
import "./notice.css";

interface Props {
  readonly title: string;
  /** What to do about it. */
  readonly children?: ReactNode;
  readonly tone?: "quiet" | "error";
}

/** Stands where there is nothing to show: says why, and what would change it. */
export function Notice({ title, children, tone = "quiet" }: Props) {
  return (
    <div className="notice" data-tone={tone} role={tone === "error" ? "alert" : "status"}>
      <strong>{title}</strong>
      {children !== undefined && <div className="notice-body">{children}</div>}
    </div>
  );
}
