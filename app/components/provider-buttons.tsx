import { ProviderMark } from "~/components/provider-mark"
import { ButtonLink } from "~/components/ui/button"
import { paths } from "~/lib/paths"

type Props = {
  /** Those this installation has, each with the name people know it by. */
  offered: readonly { provider: string; name: string }[]
  redirectTo?: string
}

/** The ways in through somebody who knows the person already. They lead to pages that are not ours. */
export function ProviderButtons({ offered, redirectTo }: Props) {
  return offered.map(({ provider, name }) => (
    <ButtonLink
      key={provider}
      kind="secondary"
      size="large"
      wide
      reloadDocument
      icon={<ProviderMark provider={provider} />}
      to={paths.signIn.provider(provider, { redirectTo })}
    >
      <span className="truncate">{`Continue with ${name}`}</span>
    </ButtonLink>
  ))
}
