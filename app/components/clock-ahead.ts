import { useRouteLoaderData } from "@remix-run/react"

/** Milliseconds by which the app's clock is ahead of the browser's: none, but in a demo whose clock was moved. */
export function useClockAhead(): number {
  return useRouteLoaderData<{ clockAhead?: number }>("root")?.clockAhead ?? 0
}
