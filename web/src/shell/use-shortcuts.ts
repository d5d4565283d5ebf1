import { useMantineColorScheme } from "@mantine/core";
import { useEffect } from "react";
import { useServices } from "#web/state/context.ts";
import { views } from "./views.tsx";

/** Keys that work everywhere: `/` searches, 1–4 change the view, p holds it, t changes the theme, ? tells the keys. */
export function useShortcuts(onHelp: () => void): void {
  const { live, address } = useServices();
  const { toggleColorScheme } = useMantineColorScheme();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const view = views[Number(event.key) - 1];
      if (view !== undefined) address.go(view.to);
      else if (event.key === "/") document.querySelector<HTMLInputElement>("input[data-find]")?.focus();
      else if (event.key === "p") live.pause(!live.state().paused);
      else if (event.key === "t") toggleColorScheme();
      else if (event.key === "?") onHelp();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [live, address, toggleColorScheme, onHelp]);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
