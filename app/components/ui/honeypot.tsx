type Props = {
  /** The trap: people leave it empty. */
  name?: string
  /** The signed time the form was made, under the name the server expects. */
  time?: { name: string; value: string }
}

/** A field only simple bots fill in, and when the form was made. */
export function Honeypot({ name = "website", time }: Props) {
  return (
    <>
      <div className="honeypot" aria-hidden>
        <label>
          Leave this empty
          <input type="text" name={name} tabIndex={-1} autoComplete="off" />
        </label>
      </div>
      {time && <input type="hidden" name={time.name} value={time.value} />}
    </>
  )
}
