"""What became of an offer, in the words of timelines; the offer's number follows."""

from collections.abc import Mapping

from api.console.words import N_

OFFER_EVENTS: Mapping[str, str] = {
    "offer_asked": N_("Approval asked for:"),
    "offer_delegated": N_("Approval handed on:"),
    "offer_approved": N_("Offer approved:"),
    "offer_rejected": N_("Approval refused:"),
    "offer_mailed": N_("Offer mailed:"),
    "offer_bounced": N_("Mail came back:"),
    "offer_link_made": N_("Link made to offer:"),
    "offer_link_revoked": N_("Link revoked of offer:"),
    "offer_opened": N_("Opened by the customer:"),
    "offer_accepted": N_("Accepted by the customer:"),
    "offer_declined": N_("Declined by the customer:"),
    "offer_undone": N_("The customer’s answer was taken back:"),
    "offer_expired": N_("Offer ran out:"),
}
# The same on the offer's own screen, by version.
EVENTS: Mapping[str, str] = {
    "made": N_("Version %(n)s is made"),
    "revised": N_("Version %(n)s is made of the one before"),
    "documents": N_("Word and PDF files of version %(n)s are ready"),
    "issued": N_("Version %(n)s is issued"),
    "asked": N_("Approval of version %(n)s is asked for"),
    "delegated": N_("Approval of version %(n)s is handed on"),
    "approved": N_("Version %(n)s is approved"),
    "rejected": N_("Approval of version %(n)s is refused"),
    "mailed": N_("Version %(n)s is mailed"),
    "bounced": N_("The mail with version %(n)s came back"),
    "link_made": N_("A link to version %(n)s is made"),
    "link_revoked": N_("The link to version %(n)s is revoked"),
    "opened": N_("The customer opened version %(n)s"),
    "accepted": N_("The customer accepted version %(n)s"),
    "declined": N_("The customer declined version %(n)s"),
    "undone": N_("The customer’s answer to version %(n)s is taken back"),
    "expired": N_("Version %(n)s ran out"),
}
