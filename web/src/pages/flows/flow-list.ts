import type { ReactNode } from "react";

/** What the two lists of flows have in common. */
export interface FlowListProps {
  /** The switch between the lists. */
  readonly choice: ReactNode;
  readonly find: string;
  readonly onFind: (find: string) => void;
  readonly onOpen: (flow: number) => void;
  /** The flow whose detail is open. */
  readonly opened: number | undefined;
}
