import { Banner } from "~/components/ui/banner"
import { TextLink } from "~/components/ui/text-link"

/** Why no plan can be bought just now: for this organisation, or on this site at all. */
export type NoBuyingProps = { obstacle?: { words: string; wayOn: { to: string; label: string } } }

export function NoBuying({ obstacle }: NoBuyingProps) {
  return (
    <div className="mx-auto mt-8 max-w-2xl">
      {obstacle ? (
        <Banner action={<TextLink to={obstacle.wayOn.to}>{obstacle.wayOn.label}</TextLink>}>
          {obstacle.words}
        </Banner>
      ) : (
        <Banner>Buying is not set up yet. Ask the person who runs this site.</Banner>
      )}
    </div>
  )
}
