import { useHydrated } from "~/components/use-hydrated"

/** Whether this browser can use passkeys: false on the server, without JavaScript, and in the first render. */
export function usePasskeys(): boolean {
  return useHydrated() && "PublicKeyCredential" in window
}
