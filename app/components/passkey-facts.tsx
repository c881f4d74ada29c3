import { Facts } from "~/components/ui/facts"
import { Time } from "~/components/ui/time"

type Props = {
  passkey: {
    createdAt: Date
    lastUsedAt: Date | null
    madeOn: string
    keptIn: string | null
    backedUp: boolean
    otherHost: string | null
  }
}

/** Everything known of one passkey. */
export function PasskeyFacts({ passkey }: Props) {
  const { createdAt, lastUsedAt, madeOn, keptIn, backedUp, otherHost } = passkey
  const copies = backedUp ? "Yes: a lost device does not lose it" : "No: with the device, the passkey is gone"
  return (
    <Facts
      items={[
        ...(otherHost
          ? [{ label: "Made for", value: `${otherHost}: it does not work at this address` }]
          : []),
        ...(keptIn ? [{ label: "Kept in", value: keptIn }] : []),
        { label: "Backed up", value: copies },
        {
          label: "Added",
          value: (
            <>
              <Time at={createdAt} />, in {madeOn}
            </>
          ),
        },
        { label: "Last used", value: lastUsedAt ? <Time at={lastUsedAt} /> : "Never" },
      ]}
    />
  )
}
