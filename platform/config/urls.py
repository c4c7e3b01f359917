"""Every address of the house; those of stock and of customs stand in
``urls_of_stock`` and ``urls_of_customs``."""

from __future__ import annotations

from allauth.account import views as entrance
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.contrib import admin
from django.urls import path
from django.views.i18n import set_language

from accounts.views import account as own
from accounts.views import admitting, applying, people, persons
from accounts.views import companies as firms
from accounts.views import entrance as gateway
from audit import views as audit
from catalog import views as catalogue
from config.api import api, docs, openapi
from config.leaving_urls import LEAVING
from config.urls_of_customs import DECLARING
from config.urls_of_stock import CHANGING
from customs.views import merging, returns
from customs.views import orders as bought
from jobs import views as jobs
from notices.views import inbox, webhooks
from procurement.views import (
    agreeing,
    billed,
    charging,
    choosing,
    crediting,
    depositing,
    filing,
    naming,
    offering,
    operating,
    ordering,
    planning,
    selling,
)
from procurement.views import sales as sold
from rest import views as tokens
from settlement.views import banking, payout
from traceability.views import public as consumer
from traceability.views import staff as tracing
from warehouse.api.arriving import channel_orders
from warehouse.views import channels, erasing, houses, moving, places, retail, terms, waiting
from warehouse.views import claims as claiming
from warehouse.views import fees as storing
from warehouse.views import receiving as gate
from warehouse.views import stock as shelves
from web import views as web

urlpatterns = [
    # Everybody
    path("", web.home, name="home"),
    path("language/", set_language, name="set_language"),
    path("act-for/", web.act_for, name="act_for"),
    # The gate
    path("login/", gateway.SignIn.as_view(), name="login"),
    path("login/", gateway.SignIn.as_view(), name="account_login"),
    path("login/second-factor/", gateway.SecondFactor.as_view(), name="mfa_authenticate"),
    path("login/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("logout/", gateway.SignOut.as_view(), name="logout"),
    path("logout/", gateway.SignOut.as_view(), name="account_logout"),
    path("signup/", gateway.SignUp.as_view(), name="account_signup"),
    path("signup/sent/", entrance.email_verification_sent, name="account_email_verification_sent"),
    path("signup/confirm/<str:key>/", entrance.confirm_email, name="account_confirm_email"),
    path("password/reset/", gateway.ResetPassword.as_view(), name="account_reset_password"),
    # Who has no password yet gets one the same way.
    path("password/reset/", gateway.ResetPassword.as_view(), name="account_set_password"),
    path("password/reset/sent/", entrance.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/done/",
        entrance.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path(
        "password/reset/<str:uidb36>/<str:key>/",
        gateway.ResetPasswordFromKey.as_view(),
        name="account_reset_password_from_key",
    ),
    path("invitation/<str:token>/", people.invitation, name="invitation"),
    # One's own account
    path("account/", own.account, name="account"),
    path("account/closed/", entrance.account_inactive, name="account_inactive"),
    path("account/sign-out-elsewhere/", own.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("account/email/", gateway.ChangeEmail.as_view(), name="account_email"),
    path("account/password/", gateway.ChangePassword.as_view(), name="account_change_password"),
    path("account/confirm/", gateway.Reauthenticate.as_view(), name="account_reauthenticate"),
    path(
        "account/confirm/code/", gateway.ReauthenticateByCode.as_view(), name="mfa_reauthenticate"
    ),
    path(
        "account/confirm/passkey/",
        gateway.ReauthenticateByPasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/second-factor/", gateway.second_factor_wanted, name="second_factor_wanted"),
    path("account/app/", gateway.ActivateApp.as_view(), name="mfa_activate_totp"),
    path("account/app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/codes/", gateway.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("account/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        "account/codes/codes.txt", codes.download_recovery_codes, name="mfa_download_recovery_codes"
    ),
    path("account/passkeys/new/", gateway.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    # allauth leads to these two after a change
    path("account/", own.account, name="mfa_index"),
    path("account/", own.account, name="mfa_list_webauthn"),
    # The people of a company
    path("people/", people.people, name="people"),
    path("people/<str:code>/", people.people_of, name="people_of"),
    path("people/<str:code>/invite/", people.invite, name="people_invite"),
    path("people/<str:code>/members/<int:pk>/", people.member, name="member"),
    path("people/<str:code>/members/<int:pk>/change/", people.change, name="member_change"),
    path("people/<str:code>/members/<int:pk>/account/", people.account, name="member_account"),
    path("people/<str:code>/members/<int:pk>/remove/", people.remove, name="member_remove"),
    path(
        "people/<str:code>/invitations/<uuid:uid>/again/",
        people.send_again,
        name="invitation_again",
    ),
    path(
        "people/<str:code>/invitations/<uuid:uid>/revoke/", people.revoke, name="invitation_revoke"
    ),
    # Jobs (exports and bulk actions of any list) and notices
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/failed/", jobs.failed, name="jobs_failed"),
    path("jobs/<str:public_id>/", jobs.job, name="job"),
    path("jobs/<str:public_id>/cancel/", jobs.cancel, name="job_cancel"),
    path("jobs/<str:public_id>/file/", jobs.result, name="job_file"),
    path("lists/<slug:key>/file/", jobs.list_file, name="list_file"),
    path("lists/<slug:key>/act/", jobs.list_act, name="list_act"),
    path("notices/", inbox.notices, name="notices"),
    path("notices/read/", inbox.read, name="notices_read"),
    path("notices/settings/", inbox.choices, name="notice_settings"),
    path("notices/<int:pk>/", inbox.open_notice, name="notice"),
    path("mail/stop/<str:token>/", inbox.stop_mail, name="mail_stop"),
    # Webhooks
    path("webhooks/", webhooks.endpoints, name="webhooks"),
    path("webhooks/new/", webhooks.new, name="webhook_new"),
    path("webhooks/messages/<str:uid>/", webhooks.delivery, name="webhook_delivery"),
    path("webhooks/messages/<str:uid>/replay/", webhooks.replay, name="webhook_replay"),
    path("webhooks/<uuid:uid>/", webhooks.endpoint, name="webhook"),
    path("webhooks/<uuid:uid>/change/", webhooks.change, name="webhook_change"),
    path("webhooks/<uuid:uid>/secret/", webhooks.secret, name="webhook_secret"),
    path("webhooks/<uuid:uid>/rotate/", webhooks.rotate, name="webhook_rotate"),
    path("webhooks/<uuid:uid>/enable/", webhooks.enable, name="webhook_enable"),
    path("webhooks/<uuid:uid>/disable/", webhooks.disable, name="webhook_disable"),
    path("webhooks/<uuid:uid>/end/", webhooks.end, name="webhook_end"),
    path("webhooks/<uuid:uid>/ping/", webhooks.ping, name="webhook_ping"),
    path("webhooks/<uuid:uid>/replay/", webhooks.replay_failed, name="webhook_replay_failed"),
    # The API
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/new/", tokens.new_token, name="token_new"),
    path("tokens/<int:pk>/made/", tokens.made_token, name="token_made"),
    path("tokens/<int:pk>/revoke/", tokens.revoke_token, name="token_revoke"),
    path("problems/", tokens.problems, name="problems"),
    path("problems/<str:code>", tokens.problem, name="problem"),
    path("api/docs/", docs, name="api_docs"),
    path("api/v1/openapi.json", openapi, name="openapi"),
    path("api/v1/channels/<uuid:uid>/orders", channel_orders, name="channel_orders"),
    path("api/v1/", api.urls),
    path("apply/", applying.apply, name="apply"),
    path("admission/", applying.admission, name="admission"),
    path("admission/answer/", applying.answer, name="admission_answer"),
    path("admission/documents/<int:pk>/", applying.document, name="admission_document"),
    path("company/", firms.own, name="company"),
    path("company/edit/", firms.edit, name="company_edit"),
    # Operators
    path("admin/", admin.site.urls),
    path("audit/", audit.search, name="audit"),
    path("audit/accounts/", own.account_events, name="account_events"),
    path("audit/people/", persons.persons, name="persons"),
    path("audit/people/<int:pk>/", persons.person, name="person"),
    path("audit/people/<int:pk>/change/", persons.change, name="person_change"),
    path("audit/<str:kind>/<int:pk>/", audit.history, name="history"),
    path("admissions/", admitting.admissions, name="admissions"),
    path("admissions/<int:pk>/", admitting.admission, name="admission_case"),
    path(
        "admissions/<int:pk>/documents/<int:document>/",
        admitting.document,
        name="admission_case_document",
    ),
    path("companies/", firms.companies, name="companies"),
    path("companies/new/", firms.enter, name="company_new"),
    path("companies/<str:code>/", firms.company, name="company_page"),
    path("companies/<str:code>/change/", firms.change, name="company_change"),
    path("companies/<str:code>/trade/", catalogue.trade, name="company_trade"),
    path("companies/<str:code>/warehouses/", houses.houses, name="company_warehouses"),
    path("companies/<str:code>/warehouses/<str:house>/", houses.house, name="company_warehouse"),
    path("companies/<str:code>/decide/", firms.decide, name="company_decide"),
    path("companies/<str:code>/kinds/", firms.kinds, name="company_kinds"),
    # Catalogue
    path("products/", catalogue.products, name="products"),
    path("products/import/", catalogue.import_products, name="products_import"),
    path("products/template.csv", catalogue.template, name="products_template"),
    path("products/<int:pk>/", catalogue.product, name="product"),
    # Procurement: sellers
    path("own-skus/", naming.own_skus, name="own_skus"),
    path("own-skus/<int:pk>/remove/", naming.remove, name="own_sku_remove"),
    path("forecasts/", selling.rounds, name="my_rounds"),
    path("forecasts/<str:code>/", selling.my_round, name="my_round"),
    path("forecasts/<str:code>/edit/", filing.edit, name="forecast_edit"),
    path("forecasts/<str:code>/copy/", filing.copy, name="forecast_copy"),
    path("forecasts/<str:code>/late/<int:pk>/take/", filing.take_late, name="late_wish_take"),
    path("forecasts/<str:code>/upload/", filing.upload, name="forecast_upload"),
    path("forecasts/<str:code>/upload/<int:pk>/", filing.preview, name="forecast_preview"),
    path(
        "forecasts/<str:code>/upload/<int:pk>/file/",
        filing.file_upload,
        name="forecast_file_upload",
    ),
    path("forecasts/<str:code>/template.<str:kind>", filing.template, name="forecast_template"),
    path("forecasts/<str:code>/versions/<int:number>/", selling.version, name="forecast_version"),
    path("forecasts/<str:code>/share/", selling.share, name="my_share"),
    path(
        "forecasts/<str:code>/share/statement.<str:kind>", selling.statement, name="statement_file"
    ),
    # Procurement: operators, finance, importers
    path("credit/", crediting.mine, name="my_credit"),
    path("credit/scores/", crediting.scores, name="forecast_scores"),
    path("credit/policy/", crediting.policy, name="credit_policy"),
    path("credit/work-out/", crediting.work_out, name="credit_work_out"),
    path("sales/", sold.mine, name="my_sales"),
    path("sales/upload/", sold.upload, name="sales_upload"),
    path("sales/upload/<int:pk>/", sold.preview, name="sales_preview"),
    path("sales/upload/<int:pk>/record/", sold.record, name="sales_record"),
    path("sales/template.<str:kind>", sold.template, name="sales_template"),
    path("owed/", charging.owed, name="owed"),
    path("owed/ask-back/", charging.ask_back, name="ask_back"),
    path("sellers/accounts/", charging.listed, name="seller_accounts"),
    path("sellers/accounts/payments/", charging.payments, name="account_payments"),
    path(
        "sellers/accounts/payments/template.<str:kind>",
        charging.payments_template,
        name="account_payments_template",
    ),
    path("sellers/accounts/<str:code>/", charging.account, name="seller_account"),
    path("deposits/", depositing.listed, name="deposits"),
    path("deposits/payments/", depositing.payments, name="deposit_payments"),
    path(
        "deposits/payments/template.<str:kind>",
        depositing.payments_template,
        name="deposit_payments_template",
    ),
    path("deposits/<str:number>/", depositing.deposit, name="deposit"),
    path("rounds/", operating.rounds, name="rounds"),
    path("rounds/new/", operating.new, name="round_new"),
    path("rounds/categories/", choosing.categories, name="round_categories"),
    path("rounds/<str:code>/", operating.round_page, name="round"),
    path("rounds/<str:code>/change/", operating.change, name="round_change"),
    path(
        "rounds/<str:code>/statements/<str:seller>/",
        operating.statement_of,
        name="round_statement_of",
    ),
    path("rounds/<str:code>/demand/", operating.demand, name="round_demand"),
    path("rounds/<str:code>/close/", operating.close, name="round_close"),
    path("rounds/<str:code>/plan/", planning.plan_now, name="round_plan_now"),
    path("rounds/<str:code>/deposits/", planning.ask_deposits, name="round_deposits"),
    path("rounds/<str:code>/plans/<int:number>/", planning.plan, name="round_plan"),
    path("rounds/<str:code>/bills/", planning.bills, name="round_bills"),
    path("rounds/<str:code>/bills/again/", planning.bill_again, name="round_bill_again"),
    path("rounds/<str:code>/bills/beside.csv", planning.beside, name="round_beside"),
    path("offers/", offering.offer_list, name="offers"),
    path("offers/new/", offering.new, name="offer_new"),
    path("offers/upload/", offering.upload, name="offers_upload"),
    path("offers/template.<str:kind>", offering.template, name="offers_template"),
    path("offers/<int:pk>/", offering.offer_page, name="offer"),
    path("offers/<int:pk>/change/", offering.change, name="offer_change"),
    path("offers/<int:pk>/end/", offering.end, name="offer_end"),
    path("suppliers/<str:code>/freight/", offering.freight_page, name="supplier_freight"),
    path("orders/", ordering.order_list, name="orders"),
    path("orders/papers/<str:number>.pdf", ordering.paper, name="order_paper"),
    path("orders/papers/<str:number>/retry/", ordering.retry, name="order_paper_retry"),
    path("orders/limits/", agreeing.limits, name="approval_limits"),
    path("orders/<str:number>/", ordering.order_page, name="order"),
    path("orders/<str:number>/file.<str:kind>", ordering.order_file, name="order_file"),
    path(
        "orders/<str:number>/changes/<int:sequence>.xml",
        ordering.change_file,
        name="order_change_file",
    ),
    path("orders/<str:number>/lines/<int:position>/", ordering.order_line, name="order_line"),
    path("orders/<str:number>/approve/", agreeing.approve, name="order_approve"),
    path("orders/<str:number>/confirm/", agreeing.confirm, name="order_confirm"),
    path("orders/<str:number>/confirmations/<int:position>/", agreeing.decide, name="order_decide"),
    path("orders/<str:number>/cancel/", agreeing.cancel, name="order_cancel"),
    path("orders/<str:number>/bills/", billed.bills, name="order_bills"),
    path("orders/<str:number>/place/", ordering.place, name="order_place"),
    path("orders/<str:number>/ship/", ordering.ship, name="order_ship"),
    path("shipments/<str:number>/", ordering.shipment_page, name="shipment"),
    path("shipments/<str:number>/invoice/", ordering.invoice, name="shipment_invoice"),
    # Warehouse
    path("warehouse/shipments/", gate.shipments, name="warehouse_shipments"),
    path("warehouse/shipments/<str:number>/count/", gate.count, name="warehouse_count"),
    path("warehouse/receipts/", gate.receipts, name="warehouse_receipts"),
    path("warehouse/receipts/<str:number>/", gate.receipt, name="warehouse_receipt"),
    path("warehouse/lots/", shelves.lots, name="warehouse_lots"),
    path("warehouse/lots/<str:number>/", shelves.lot, name="warehouse_lot"),
    path("warehouse/put-away/", moving.put_away, name="warehouse_put_away"),
    path("warehouse/move/", moving.move, name="warehouse_move"),
    path("warehouse/places/", places.places, name="warehouse_places"),
    path("warehouse/places/new/", places.new, name="warehouse_places_new"),
    path("warehouse/places/upload/", places.upload, name="warehouse_places_upload"),
    path("warehouse/places/template.<str:kind>", places.template, name="warehouse_places_template"),
    path("warehouse/places/<int:pk>/", places.place, name="warehouse_place"),
    path("warehouse/stock/", shelves.on_hand, name="warehouse_stock"),
    path("warehouse/movements/", shelves.movements, name="warehouse_movements"),
    *CHANGING,
    *LEAVING,
    path("warehouse/returns/", returns.at_gate, name="warehouse_returns"),
    path("warehouse/returns/<str:number>/", returns.arrival, name="warehouse_return"),
    path("warehouse/returns/<str:number>/refuse/", returns.refuse, name="warehouse_return_refuse"),
    path("warehouse/holds/", waiting.holds, name="warehouse_holds"),
    path("warehouse/holds/<str:number>/free/", waiting.let_go, name="warehouse_let_go"),
    path("claims/", claiming.claims, name="claims"),
    path("claims/<str:number>.pdf", claiming.letter, name="claim_letter"),
    path("claims/<str:number>/", claiming.claim, name="claim"),
    path("storage/tariffs/", storing.tariffs, name="storage_tariffs"),
    path("storage/charges/", storing.charges, name="storage_charges"),
    path("storage/bills/", storing.bills, name="storage_bills"),
    path("storage/bills/<str:number>/", storing.bill, name="storage_bill"),
    # Sellers' stock and retail orders
    path("stock/", shelves.mine, name="my_stock"),
    path("stock/restocking/", shelves.restocking, name="restocking"),
    path("stock/movements/", shelves.my_movements, name="my_movements"),
    path("retail-orders/", bought.orders, name="retail_orders"),
    path("buyers/erase/", erasing.erase, name="buyer_erase"),
    path("channels/", channels.channels, name="channels"),
    path("channels/new/", channels.new, name="channel_new"),
    path("channels/deliveries/<str:uid>/", channels.delivery, name="channel_delivery"),
    path("channels/deliveries/<str:uid>/retry/", channels.retry, name="channel_delivery_retry"),
    path("channels/<uuid:uid>/", channels.channel, name="channel"),
    *(path(f"channels/<uuid:uid>/{n}/", v, name=f"channel_{n}") for n, v in channels.STEPS),
    path("retail-orders/terms/", terms.terms, name="retail_terms"),
    path("retail-returns/", returns.mine, name="my_returns"),
    path("retail-orders/new/", retail.new, name="retail_new"),
    path("retail-orders/mergeable/", merging.mergeable, name="mergeable_orders"),
    path("retail-orders/upload/", retail.upload, name="retail_upload_new"),
    path("retail-orders/upload/<int:pk>/", retail.preview, name="retail_upload"),
    path("retail-orders/template.<str:kind>", retail.template, name="retail_template"),
    path("retail-orders/<str:number>/", retail.order, name="retail_order"),
    path("retail-orders/<str:number>/cancel/", bought.cancel, name="retail_cancel"),
    *(path(f"retail-orders/<str:number>/{n}/", v, name=f"retail_{n}") for n, v in waiting.STEPS),
    path("retail-orders/<str:number>/merge/", merging.merge, name="retail_merge"),
    path("retail-orders/<str:number>/return/", returns.announce, name="retail_return"),
    # Customs
    *DECLARING,
    # Settlement
    path("settlement/", payout.overview, name="settlement"),
    path("settlement/payables/", payout.payables, name="payables"),
    path("settlement/batches/", payout.batches, name="batches"),
    path("settlement/batches/open/", payout.open_batches, name="batches_open"),
    path("settlement/batches/export/", payout.export, name="batches_export"),
    path("settlement/batches/<str:number>/", payout.batch, name="batch"),
    path("settlement/batches/<str:number>/price/", payout.price, name="batch_price"),
    path("settlement/batches/<str:number>/approve/", payout.approve, name="batch_approve"),
    path("settlement/files/", payout.payment_files, name="payment_files"),
    path("settlement/files/<str:message_id>.xml", payout.payment_file, name="payment_file"),
    path("settlement/terms/<str:code>/", payout.terms, name="settlement_terms"),
    path("settlement/accounts/", banking.accounts, name="bank_accounts"),
    path("settlement/accounts/new/", banking.enter, name="bank_account_new"),
    path("settlement/accounts/<str:number>/", banking.account, name="bank_account"),
    path("settlement/accounts/<str:number>/confirm/", banking.confirm, name="bank_account_confirm"),
    path("settlement/accounts/<str:number>/close/", banking.close, name="bank_account_close"),
    path("charges/", payout.my_charges, name="my_charges"),
    # Traceability; what is public comes last
    path("trace/", tracing.trace, name="trace"),
    path("labels/", tracing.label_sheets, name="label_sheets"),
    path("labels/issue/", tracing.issue_labels, name="issue_labels"),
    path("labels/<str:number>.pdf", tracing.label_file, name="label_file"),
    path("verify/", consumer.verify, name="verify"),
    # GS1 Digital Link: with the lot and without, with a trailing slash and without.
    path("01/<str:gtin>/10/<str:lot>/21/<str:serial>", consumer.item_page, name="item"),
    path("01/<str:gtin>/10/<str:lot>/21/<str:serial>/", consumer.item_page),
    path("01/<str:gtin>/21/<str:serial>", consumer.item_page),
    path("01/<str:gtin>/21/<str:serial>/", consumer.item_page),
    path("voc/", consumer.vocabulary, name="vocabulary"),
    path("voc/btt/<slug:word>", consumer.vocabulary),
]
