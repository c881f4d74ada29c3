import { useRouteLoaderData } from "@remix-run/react"

export type ShellOrganization = {
  slug: string
  name: string
  /** The hash of its picture. */
  logo?: string | null
  archived?: boolean
}

/** What the switcher lists, wherever it stands: the organisations of who is signed in, the one used last first. */
export function useOrganizations(): readonly ShellOrganization[] {
  return useRouteLoaderData<{ organizations?: ShellOrganization[] }>("root")?.organizations ?? []
}

/** Whether the domain of one's address opens an organisation one does not belong to. */
export function useMayJoin(): boolean {
  return useRouteLoaderData<{ mayJoin?: boolean }>("root")?.mayJoin ?? false
}
