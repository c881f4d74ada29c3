import { useRouteLoaderData } from "@remix-run/react"

/** What this installation calls itself. */
export function useAppName(): string {
  return useRouteLoaderData<{ appName?: string }>("root")?.appName ?? "Gatehouse"
}

/** Where a person can ask for help, if the operator says so. */
export function useSupportEmail(): string | undefined {
  return useRouteLoaderData<{ supportEmail?: string }>("root")?.supportEmail
}
