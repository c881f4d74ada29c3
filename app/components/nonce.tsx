import { createContext, useContext } from "react"

/** The Content-Security-Policy nonce of this response. entry.server.tsx provides it; in the browser it is undefined. */
export const NonceContext = createContext<string | undefined>(undefined)

/** The nonce every inline script and style of this page must carry. */
export function useNonce(): string | undefined {
  return useContext(NonceContext)
}
