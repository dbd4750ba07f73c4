"""What staff see in the browser: officers their cases, operators the reference data. Nothing else is registered."""

from django.contrib import admin

for _model in list(admin.site._registry):  # other apps' tables hold logins and addresses that nobody has to read
    admin.site.unregister(_model)

from reporting.admin import accounts, alarms, cases, quarantine, reference, rules  # noqa: E402
from reporting.admin.login import StaffLogin  # noqa: E402

admin.site.login_form = StaffLogin

__all__ = ["accounts", "alarms", "cases", "quarantine", "reference", "rules"]
