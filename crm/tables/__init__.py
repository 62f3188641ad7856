"""Every table of the CRM. Importing this module registers all of them on `Base.metadata`."""

from crm.tables.answers import Handover, KnowledgeDocument, ModelUsage, OpenQuestion, Proposal
from crm.tables.approvals import ApprovalLimit, ApprovalRequest
from crm.tables.audit import AuditEntry, AuditHead, Prompt
from crm.tables.base import Base, table_of
from crm.tables.catalogue import BundleItem, ExchangeRate, Price, PriceList, Product, ProductCost
from crm.tables.chat import Conversation, Message
from crm.tables.customers import Contact, Customer, CustomerWord
from crm.tables.library import Attachment, OfferAttachment, OfferTemplate, OfferTemplateVersion
from crm.tables.offers import Offer, OfferDocument, OfferLine, OfferVersion
from crm.tables.pages import HelpPage
from crm.tables.people import BrowserSession, Credential, Grant, Role, SignInAttempt, Team, User
from crm.tables.requests import OfferRequestFile
from crm.tables.sales import Activity, ActivityType, Opportunity, PipelineEntry, Stage, Transition
from crm.tables.screens import EmbeddingHost, SavedView
from crm.tables.sending import AcceptanceLink, OfferDecision, OfferMail
from crm.tables.settings import CompanySetting, NumberSeries

__all__ = [
    "AcceptanceLink",
    "Activity",
    "ActivityType",
    "ApprovalLimit",
    "ApprovalRequest",
    "Attachment",
    "AuditEntry",
    "AuditHead",
    "Base",
    "BrowserSession",
    "BundleItem",
    "CompanySetting",
    "Contact",
    "Conversation",
    "Credential",
    "Customer",
    "CustomerWord",
    "EmbeddingHost",
    "ExchangeRate",
    "Grant",
    "Handover",
    "HelpPage",
    "KnowledgeDocument",
    "Message",
    "ModelUsage",
    "NumberSeries",
    "Offer",
    "OfferAttachment",
    "OfferDecision",
    "OfferDocument",
    "OfferLine",
    "OfferMail",
    "OfferRequestFile",
    "OfferTemplate",
    "OfferTemplateVersion",
    "OfferVersion",
    "OpenQuestion",
    "Opportunity",
    "PipelineEntry",
    "Price",
    "PriceList",
    "Product",
    "ProductCost",
    "Prompt",
    "Proposal",
    "Role",
    "SavedView",
    "SignInAttempt",
    "Stage",
    "Team",
    "Transition",
    "User",
    "table_of",
]
