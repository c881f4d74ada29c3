/** The rows of prisma/schema.prisma, as types. */
export type {
  AuditEntry,
  Checkout,
  Invitation,
  Job,
  Link,
  Mail,
  Organization,
  SecurityEvent,
  Session,
  StripeEvent,
  Subscription,
  User,
} from "../../prisma/generated/client"
