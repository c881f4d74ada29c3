import IdCard from "lucide-react/icons/id-card"

/** The sign of a provider, in the colour of the words beside it. */
export function ProviderMark({ provider }: { provider: string }) {
  if (provider === "google") return <Google />
  if (provider === "microsoft") return <Microsoft />
  return <IdCard aria-hidden className="size-4" />
}

function Google() {
  return (
    <svg viewBox="0 0 16 16" className="size-4" fill="currentColor" aria-hidden>
      <path d="M8 6.7h7.4c.1.4.1.9.1 1.4 0 4.4-3 7.4-7.5 7.4a7.5 7.5 0 1 1 5-13l-2.1 2.1A4.5 4.5 0 1 0 8 12.6c2 0 3.5-1 4.1-2.9H8z" />
    </svg>
  )
}

function Microsoft() {
  return (
    <svg viewBox="0 0 16 16" className="size-4" fill="currentColor" aria-hidden>
      <path d="M1 1h6.6v6.6H1zM8.4 1H15v6.6H8.4zM1 8.4h6.6V15H1zM8.4 8.4H15V15H8.4z" />
    </svg>
  )
}
