import { useEffect, useRef } from "react"

/**
 * Sends the form it stands in, once, by script. Only for a browser that asked for what the form does. Without JavaScript
 * the form's button is there.
 */
export function AutoSubmit() {
  const place = useRef<HTMLSpanElement>(null)
  const sent = useRef(false)
  useEffect(() => {
    if (sent.current) return
    sent.current = true
    place.current?.closest("form")?.requestSubmit()
  }, [])
  return <span ref={place} hidden />
}
