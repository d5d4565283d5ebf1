import "@mantine/core/styles/default-css-variables.css";
import "@mantine/core/styles/baseline.css";
import "@mantine/core/styles/global.css";
import "@mantine/core/styles/UnstyledButton.css";
import "@mantine/core/styles/Paper.css";

import "@mantine/core/styles/Popover.css";

import "@mantine/core/styles/Tooltip.css";

import "./shell/tokens.css";
import "./shell/base.css";
import "./shell/shell.css";
import { createTheme, MantineProvider } from "@mantine/core";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { AddressBar } from "./shell/address-bar.ts";
import { App } from "./shell/app.tsx";
import { basePath, captureShown } from "./shell/base-path.ts";
import { tellCutTexts } from "./shell/cut-titles.ts";
import { CaptureGiver } from "./state/capture-giver.ts";
import { ClientApi } from "./state/client-api.ts";
import { type Services, ServicesProvider } from "./state/context.ts";
import { LiveStore } from "./state/live-store.ts";

const theme = createTheme({ fontFamily: "var(--font)", fontFamilyMonospace: "var(--mono)", defaultRadius: 6, respectReducedMotion: true });

const api = new ClientApi(location.origin, basePath, captureShown);
const services: Services = {
  live: new LiveStore((flush) => requestAnimationFrame(flush)),
  api,
  giver: new CaptureGiver(api.captures),
  address: new AddressBar(),
};
api.live(services.live.receive);
tellCutTexts(document);

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <ServicesProvider value={services}>
        <App />
      </ServicesProvider>
    </MantineProvider>
  </StrictMode>,
);
