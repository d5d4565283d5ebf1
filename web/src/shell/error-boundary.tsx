import { Component, type ReactNode } from "react";
import { Notice } from "#web/parts/notice.tsx";

interface Props {
  /** A new value gives the view another chance: the address. */
  readonly trial: string;
  readonly children: ReactNode;
}
interface State {
  readonly error: Error | undefined;
  readonly trial: string;
}

/** A bug in a view stays in that view; the header with its coverage goes on. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: undefined, trial: this.props.trial };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  static getDerivedStateFromProps(props: Props, state: State): State | null {
    return props.trial === state.trial ? null : { error: undefined, trial: props.trial };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <Notice title="This view has a bug and was stopped." tone="error">
        <div>{error.message}</div>
        <button type="button" className="button" onClick={() => location.reload()}>
          Load the page anew
        </button>
      </Notice>
    );
  }
}
