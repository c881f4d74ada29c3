import { RemixBrowser } from "@remix-run/react"
import { StrictMode, startTransition } from "react"
import { hydrateRoot } from "react-dom/client"

// Dialogs insert a <style> to lock scrolling; they find the nonce of the Content-Security-Policy under this name.
Object.assign(window, { __webpack_nonce__: document.querySelector<HTMLElement>("script[nonce]")?.nonce })

startTransition(() => {
  hydrateRoot(
    document,
    <StrictMode>
      <RemixBrowser />
    </StrictMode>,
  )
})
