import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailText } from "~/domain/mail/parts"

export const paymentOnItsWay = message({
  name: "payment_on_its_way",
  parameters: z.object({ organizationName: z.string(), planName: z.string() }),
  subject: p => `The payment for ${p.organizationName} is on its way`,
  preview: () => "Nothing to do. We write again when it has arrived.",
  why: p => `You get this because this address was given when a plan was bought for ${p.organizationName}.`,
  body: ({ parameters }) => (
    <>
      <MailText>
        Thank you for choosing the {parameters.planName} plan. Your bank takes a few working days to pass the
        payment on.
      </MailText>
      <MailText>
        There is nothing to do. As soon as the payment has arrived, {parameters.organizationName} is set up
        and you get a mail with a link to start.
      </MailText>
    </>
  ),
})
