import { isIPv4, isIPv6 } from "node:net"
import Bowser from "bowser"

export type Device = { browser: string; system: string; kind: "phone" | "tablet" | "desktop" | "other" }

const kinds: Record<string, Device["kind"]> = { mobile: "phone", tablet: "tablet", desktop: "desktop" }

/** Browser, system and kind of device that a User-Agent header claims. Unknown parts say so in words. */
export function deviceOf(userAgent: string): Device {
  if (!userAgent) return { browser: "Unknown browser", system: "unknown system", kind: "other" }
  const parsed = Bowser.parse(userAgent)
  return {
    browser: parsed.browser.name || "Unknown browser",
    system: parsed.os.name || "unknown system",
    kind: kinds[parsed.platform.type ?? ""] ?? "other",
  }
}

/** `Firefox on Linux`; of a program that is no browser the name it gives itself: `curl`. */
export function deviceLabel(userAgent: string): string {
  const program = programName(userAgent)
  if (program) return program
  const device = deviceOf(userAgent)
  return `${device.browser} on ${device.system}`
}

/** Browsers all begin with `Mozilla/` (or, long ago, `Opera/`); others with their own product (RFC 9110, section 10.1.5). */
function programName(userAgent: string): string | undefined {
  const [, name] = /^([a-z][\w.+-]{0,39})(?:[/ ]|$)/i.exec(userAgent) ?? []
  return name && !/^(mozilla|opera)$/i.test(name) ? name : undefined
}

/** The network an address belongs to, roughly: the /24 of an IPv4 address, the /48 of an IPv6 address. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "")
  if (isIPv4(plain)) return `${plain.split(".").slice(0, 3).join(".")}.x`
  if (isIPv6(plain)) return `${expandIPv6(plain).slice(0, 3).join(":")}::x`
  return "unknown"
}

function expandIPv6(address: string): string[] {
  const [head = "", tail = ""] = address.split("%")[0]?.split("::") ?? []
  const left = head.split(":").filter(Boolean)
  const right = tail.split(":").filter(Boolean)
  return [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right]
}
