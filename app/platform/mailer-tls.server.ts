import { isIP } from "node:net"

export type TlsSetting = "auto" | "implicit" | "starttls" | "none"
export type TlsMode = Exclude<TlsSetting, "auto">

/**
 * How to speak to the server. Port 465 is TLS from the first byte (RFC 8314), every other port must offer STARTTLS;
 * only a server on this machine is spoken to in the clear. A setting other than `auto` wins.
 */
export function tlsMode(setting: TlsSetting, host: string, port: number): TlsMode {
  if (setting !== "auto") return setting
  if (port === 465) return "implicit"
  return isThisMachine(host) ? "none" : "starttls"
}

/** STARTTLS is never optional: a server that stops offering it gets no password and no mail. */
export function tlsOptions(mode: TlsMode) {
  return {
    secure: mode === "implicit",
    requireTLS: mode === "starttls",
    ignoreTLS: mode === "none",
  }
}

function isThisMachine(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "")
  return name === "localhost" || name === "::1" || (isIP(name) === 4 && name.startsWith("127."))
}
