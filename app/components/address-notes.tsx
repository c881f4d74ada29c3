import { paths } from "~/lib/paths"

/** What a change of address does to the links that are out there, and which ones still lead here. */
export function AddressNotes({ slug, former }: { slug: string; former: readonly string[] }) {
  return (
    <div className="flex flex-col gap-3 text-ink text-sm">
      <p>
        Links to {paths.organization.overview(slug)} keep working for members: they lead to the same page at
        the new address. For everyone else there is nothing there, as before.
      </p>
      <p>
        The last five addresses stay yours, and you can go back to one of them. An older one becomes free for
        others. You can change the address three times a day.
      </p>
      {former.length > 0 && (
        <div>
          <h3 className="font-medium">Former addresses that lead here</h3>
          <ul className="mt-1 text-ink-soft">
            {former.map(one => (
              <li key={one} className="break-all">
                {paths.organization.overview(one)}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}
