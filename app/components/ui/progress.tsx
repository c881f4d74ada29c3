type Props = {
  /** Names it for screen readers. */
  label: string
  /** Without a value it only says that something is going on. */
  value?: number
  max?: number
}

/** How far something has come. */
export function Progress({ label, value, max = 1 }: Props) {
  return <progress className="progress" aria-label={label} value={value} max={max} />
}
