import { useRouteLoaderData } from "@remix-run/react"

/** What this installation calls itself. */
export function useAppName(): string {
  return useRouteLoaderData<{ appName?: string }>("root")?.appName ?? "Gatehouse"
}
