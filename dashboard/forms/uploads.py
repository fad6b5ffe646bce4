"""A file or a pasted table."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.figures import filesize
from dashboard.forms.teams import OneTeamField, offer_teams

MOST_PASTED = 5_000_000  # characters; more than that is better kept in a file


class FileForm(forms.Form):
    """One uploaded file, not empty and not beyond the limit."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("No file was chosen. Choose one, or drop it onto the page.")},
    )

    preset = forms.IntegerField(required=False)
    team = OneTeamField(help_text=gettext_lazy("Its people will see this import, and no other team's."))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_teams(self, user)

    def clean_file(self) -> UploadedFile:
        file: Any = self.cleaned_data["file"]
        if not file.size:
            raise forms.ValidationError(_("The file is empty. Save it again in the program it comes from."))
        if file.size > settings.UPLOAD_LIMIT_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s. Split it into smaller files.")
                % {"limit": filesize(settings.UPLOAD_LIMIT_BYTES)}
            )
        return file


class PasteForm(forms.Form):
    """Cells copied out of a spreadsheet, with their header."""

    text = forms.CharField(
        label=gettext_lazy("Table"),
        strip=False,
        max_length=MOST_PASTED,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false", "autocomplete": "off", "class": "form-control tech"}),
        help_text=gettext_lazy("Copy the cells with their header row in the spreadsheet and paste them here."),
        error_messages={
            "required": gettext_lazy("Nothing was pasted. Copy the cells in the spreadsheet and paste them here."),
            "max_length": gettext_lazy("This table is too long to paste. Save it as a file and upload that."),
        },
    )

    team = OneTeamField(
        widget=forms.Select({"id": "id_paste_team"}),
        help_text=gettext_lazy("Its people will see this import, and no other team's."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_teams(self, user)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError(self.fields["text"].error_messages["required"])
        return text
