import { definePlugin } from "#contract/plugin.ts";

/** No flow is NTLM by itself: `message.ts` reads what other protocols carry. */
export default definePlugin({
  name: "ntlm",
  summary: "NTLM messages inside SMB, DCE/RPC, HTTP, LDAP: domain, user, host.",
});
