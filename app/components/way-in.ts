import { useRouteLoaderData } from "@remix-run/react"
import { paths } from "~/lib/paths"

/** Where the door of the public pages leads: to sign-in, or straight on for who is signed in already. */
export function useWayIn(): { to: string; label: string; signedIn: boolean } {
  const signedIn = useRouteLoaderData<{ signedIn?: boolean }>("root")?.signedIn ?? false
  return signedIn
    ? { to: paths.start(), label: "Overview", signedIn }
    : { to: paths.signIn.start(), label: "Sign in", signedIn }
}
