"""What UBL 2.3 says of the documents we write: which elements, in which order, how often.

Carried over from the schemas of OASIS Universal Business Language 2.3 (``UBL-Order-2.3.xsd``,
``UBL-OrderChange-2.3.xsd``, ``UBL-OrderCancellation-2.3.xsd`` and
``UBL-CommonAggregateComponents-2.3.xsd`` of 25 May 2021, docs.oasis-open.org/ubl/cs02-UBL-2.3):
names, order and cardinality of every type that a document of ours contains, whole types and not
only what we write of them. Extensions are left out, and so are the types of values: that a date
is a date and an amount a number follows from how they are written.

Each type has its basic elements (namespace ``cbc``), then its aggregate ones (``cac``). A name
alone may stand once or not; ``!`` stands once, ``*`` as often as one likes, ``+`` at least once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from lxml import etree

CAC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"

_HEAD: Final = "UBLVersionID CustomizationID ProfileID ProfileExecutionID"
_MONEY: Final = (
    "RequestedInvoiceCurrencyCode DocumentCurrencyCode PricingCurrencyCode TaxCurrencyCode"
    " CustomerReference AccountingCostCode AccountingCost LineCountNumeric"
)
_TOTALS: Final = (
    "PaymentMeans* PaymentTerms* TransactionConditions AllowanceCharge* TaxExchangeRate"
    " PricingExchangeRate PaymentExchangeRate DestinationCountry TaxTotal*"
    " AnticipatedMonetaryTotal OrderLine+"
)

#: By type: its basic elements, and its aggregate ones.
TYPES: Final[dict[str, tuple[str, str]]] = {
    "Order": (
        f"{_HEAD} ID! SalesOrderID CopyIndicator UUID IssueDate! IssueTime OrderTypeCode Note*"
        f" {_MONEY}",
        "ValidityPeriod* QuotationDocumentReference OrderDocumentReference*"
        " OriginatorDocumentReference CatalogueReference AdditionalDocumentReference* Contract*"
        " ProjectReference* Signature* BuyerCustomerParty! SellerSupplierParty!"
        " OriginatorCustomerParty FreightForwarderParty AccountingCustomerParty Delivery*"
        f" DeliveryTerms* {_TOTALS}",
    ),
    "OrderChange": (
        f"{_HEAD} ID SalesOrderID CopyIndicator UUID IssueDate! IssueTime SequenceNumberID! Note*"
        f" {_MONEY}",
        "ValidityPeriod* OrderReference! QuotationDocumentReference OriginatorDocumentReference"
        " AdditionalDocumentReference* Contract* Signature* BuyerCustomerParty!"
        " SellerSupplierParty! OriginatorCustomerParty FreightForwarderParty"
        " AccountingCustomerParty AccountingSupplierParty Delivery* DeliveryTerms"
        f" {_TOTALS}",
    ),
    "OrderCancellation": (
        f"{_HEAD} ID! CopyIndicator UUID IssueDate! IssueTime Note* CancellationNote+",
        "OrderReference+ OriginatorDocumentReference AdditionalDocumentReference* Contract*"
        " Signature* BuyerCustomerParty! SellerSupplierParty! OriginatorCustomerParty",
    ),
    "Address": (
        "ID AddressTypeCode AddressFormatCode Postbox Floor Room StreetName AdditionalStreetName"
        " BlockName BuildingName BuildingNumber Description* InhouseMail Department MarkAttention"
        " MarkCare PlotIdentification CitySubdivisionName CityName PostalZone CountrySubentity"
        " CountrySubentityCode Region District TimezoneOffset",
        "AddressLine* Country LocationCoordinate*",
    ),
    "AllowanceCharge": (
        "ID ChargeIndicator! AllowanceChargeReasonCode AllowanceChargeReason*"
        " MultiplierFactorNumeric PrepaidIndicator SequenceNumeric Amount! BaseAmount"
        " AccountingCostCode AccountingCost PerUnitAmount",
        "TaxCategory* TaxTotal PaymentMeans*",
    ),
    "CommodityClassification": (
        "NatureCode CargoTypeCode CommodityCode ItemClassificationCode",
        "",
    ),
    "Country": ("IdentificationCode Name", ""),
    "CustomerParty": (
        "CustomerAssignedAccountID SupplierAssignedAccountID AdditionalAccountID*",
        "Party DeliveryContact AccountingContact BuyerContact",
    ),
    "Delivery": (
        "ID Quantity MinimumQuantity MaximumQuantity ActualDeliveryDate ActualDeliveryTime"
        " LatestDeliveryDate LatestDeliveryTime ReleaseID TrackingID",
        "DeliveryAddress DeliveryLocation AlternativeDeliveryLocation RequestedDeliveryPeriod"
        " PromisedDeliveryPeriod EstimatedDeliveryPeriod CarrierParty DeliveryParty NotifyParty*"
        " Despatch DeliveryTerms* MinimumDeliveryUnit MaximumDeliveryUnit Shipment",
    ),
    "DeliveryTerms": (
        "ID SpecialTerms* LossRiskResponsibilityCode LossRisk* Amount",
        "DeliveryLocation AllowanceCharge",
    ),
    "Despatch": (
        "ID RequestedDespatchDate RequestedDespatchTime EstimatedDespatchDate"
        " EstimatedDespatchTime ActualDespatchDate ActualDespatchTime GuaranteedDespatchDate"
        " GuaranteedDespatchTime ReleaseID Instructions*",
        "DespatchAddress DespatchLocation DespatchParty CarrierParty NotifyParty* Contact"
        " EstimatedDespatchPeriod RequestedDespatchPeriod",
    ),
    "Item": (
        "Description* PackQuantity PackSizeNumeric CatalogueIndicator Name"
        " HazardousRiskIndicator AdditionalInformation* Keyword* BrandName* ModelName*",
        "BuyersItemIdentification SellersItemIdentification ManufacturersItemIdentification*"
        " StandardItemIdentification CatalogueItemIdentification AdditionalItemIdentification*"
        " CatalogueDocumentReference ItemSpecificationDocumentReference* OriginCountry"
        " CommodityClassification* TransactionConditions* HazardousItem* ClassifiedTaxCategory*"
        " AdditionalItemProperty* ManufacturerParty* InformationContentProviderParty"
        " OriginAddress* ItemInstance* Certificate* Dimension*",
    ),
    "ItemIdentification": (
        "ID! ExtendedID BarcodeSymbologyID IssuerScopeID",
        "PhysicalAttribute* MeasurementDimension* IssuerParty",
    ),
    "LineItem": (
        "ID! SalesOrderID UUID Note* LineStatusCode Quantity LineExtensionAmount"
        " TaxInclusiveLineExtensionAmount TotalTaxAmount MinimumQuantity MaximumQuantity"
        " MinimumBackorderQuantity MaximumBackorderQuantity InspectionMethodCode"
        " PartialDeliveryIndicator BackOrderAllowedIndicator AccountingCostCode AccountingCost"
        " WarrantyInformation*",
        "Delivery* DeliveryTerms OriginatorParty OrderedShipment* PricingReference"
        " AllowanceCharge* Price Item! SubLineItem* WarrantyValidityPeriod WarrantyParty"
        " TaxTotal* ItemPriceExtension LineReference*",
    ),
    "Location": (
        "ID Description* Conditions* CountrySubentity CountrySubentityCode LocationTypeCode"
        " InformationURI Name",
        "ValidityPeriod* Address Storage SubsidiaryLocation* LocationCoordinate*",
    ),
    "MonetaryTotal": (
        "LineExtensionAmount TaxExclusiveAmount TaxInclusiveAmount AllowanceTotalAmount"
        " ChargeTotalAmount WithholdingTaxTotalAmount PrepaidAmount PayableRoundingAmount"
        " PayableAmount! PayableAlternativeAmount",
        "",
    ),
    "OrderLine": (
        "SubstitutionStatusCode Note*",
        "LineItem! SellerProposedSubstituteLineItem* SellerSubstitutedLineItem*"
        " BuyerProposedSubstituteLineItem* CatalogueLineReference QuotationLineReference"
        " OrderLineReference* DocumentReference*",
    ),
    "OrderReference": (
        "ID! SalesOrderID CopyIndicator UUID IssueDate IssueTime CustomerReference OrderTypeCode",
        "DocumentReference",
    ),
    "Party": (
        "MarkCareIndicator MarkAttentionIndicator WebsiteURI LogoReferenceID EndpointID"
        " IndustryClassificationCode",
        "PartyIdentification* PartyName* Language PostalAddress PhysicalLocation PartyTaxScheme*"
        " PartyLegalEntity* Contact Person* AgentParty ServiceProviderParty* PowerOfAttorney*"
        " PartyAuthorization* FinancialAccount AdditionalWebSite* SocialMediaProfile*",
    ),
    "PartyIdentification": ("ID!", ""),
    "PartyLegalEntity": (
        "RegistrationName CompanyID RegistrationDate RegistrationExpirationDate"
        " CompanyLegalFormCode CompanyLegalForm* SoleProprietorshipIndicator"
        " CompanyLiquidationStatusCode CorporateStockAmount FullyPaidSharesIndicator",
        "RegistrationAddress CorporateRegistrationScheme HeadOfficeParty ShareholderParty*",
    ),
    "PartyName": ("Name!", ""),
    "PartyTaxScheme": (
        "RegistrationName CompanyID TaxLevelCode ExemptionReasonCode ExemptionReason*",
        "RegistrationAddress TaxScheme!",
    ),
    "Price": (
        "PriceAmount! BaseQuantity PriceChangeReason* PriceTypeCode PriceType"
        " OrderableUnitFactorRate",
        "ValidityPeriod* PriceList AllowanceCharge* PricingExchangeRate AlternativeCurrencyPrice*",
    ),
    "SupplierParty": (
        "CustomerAssignedAccountID AdditionalAccountID* DataSendingCapability",
        "Party DespatchContact AccountingContact SellerContact",
    ),
    "TaxScheme": ("ID Name TaxTypeCode CurrencyCode", "JurisdictionRegionAddress*"),
}
#: Of an element that is called otherwise than its type.
TYPE_OF: Final = {
    "AnticipatedMonetaryTotal": "MonetaryTotal",
    "BuyerCustomerParty": "CustomerParty",
    "BuyersItemIdentification": "ItemIdentification",
    "DeliveryAddress": "Address",
    "DeliveryLocation": "Location",
    "DeliveryParty": "Party",
    "OriginCountry": "Country",
    "PostalAddress": "Address",
    "SellerSupplierParty": "SupplierParty",
    "SellersItemIdentification": "ItemIdentification",
    "StandardItemIdentification": "ItemIdentification",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element stands in its parent, and how often."""

    at: int
    least: int
    most: int | None


@cache
def places(kind: str) -> dict[str, Place]:
    """By the element's name with its namespace, in the schema's order."""
    found: dict[str, Place] = {}
    for space, names in zip((CBC, CAC), TYPES[kind], strict=True):
        for told in names.split():
            name = told.rstrip("!*+")
            mark = told.removeprefix(name)
            found[f"{{{space}}}{name}"] = Place(
                at=len(found),
                least=int(mark in {"!", "+"}),
                most=None if mark in {"*", "+"} else 1,
            )
    return found


def faults(root: etree._Element) -> list[str]:
    """Where a document breaks the schema: unknown elements, wrong order, too many or too few."""
    name = etree.QName(root).localname
    return _faults(root, TYPE_OF.get(name, name), name)


def _faults(part: etree._Element, kind: str, way: str) -> list[str]:
    if kind not in TYPES:
        return [f"{way}: a type that is not known here"]
    known, found, last = places(kind), [], -1
    count: dict[str, int] = {}
    for child in part:
        tag = str(child.tag)
        name = etree.QName(child).localname
        place = known.get(tag)
        if place is None:
            found.append(f"{way}: {name} does not belong here")
            continue
        if place.at < last:
            found.append(f"{way}: {name} stands too late")
        last = max(last, place.at)
        count[tag] = count.get(tag, 0) + 1
        if tag.startswith(f"{{{CAC}}}"):
            found += _faults(child, TYPE_OF.get(name, name), f"{way}/{name}")
        elif len(child) or not (child.text or "").strip():
            found.append(f"{way}/{name}: a text, and not an empty one")
    for tag, place in known.items():
        name, often = etree.QName(tag).localname, count.get(tag, 0)
        if often < place.least:
            found.append(f"{way}: {name} is missing")
        if place.most is not None and often > place.most:
            found.append(f"{way}: {name} stands more than once")
    return found
