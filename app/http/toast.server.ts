import { createCookie, redirect } from "@remix-run/node"
import { env } from "~/platform/env.server"

export type Toast = { kind: "good" | "bad"; words: string }

/** Ten seconds: long enough for the redirect, too short to surprise on a later page. */
const cookie = () =>
  createCookie("gatehouse-toast", {
    maxAge: 10,
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure: env().appUrl.startsWith("https:"),
    secrets: [env().appSecret],
  })

/** Redirects, and says on the next page what happened. */
export async function redirectWithToast(
  path: string,
  toast: Toast,
  headers: HeadersInit = {},
): Promise<Response> {
  const all = new Headers(headers)
  all.append("Set-Cookie", await cookie().serialize(toast))
  return redirect(path, { status: 303, headers: all })
}

/** The header that has the next page say what happened, for an answer that is made elsewhere. */
export function toastCookie(toast: Toast): Promise<string> {
  return cookie().serialize(toast)
}

/** The message for this page, and the header that takes it down. */
export async function readToast(request: Request): Promise<{ toast?: Toast; setCookie?: string }> {
  const toast = await cookie().parse(request.headers.get("Cookie"))
  if (!isToast(toast)) return {}
  return { toast, setCookie: await cookie().serialize("", { maxAge: 0 }) }
}

function isToast(value: unknown): value is Toast {
  return typeof value === "object" && value !== null && "kind" in value && "words" in value
}
