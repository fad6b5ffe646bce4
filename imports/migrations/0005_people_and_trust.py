"""Teams, invitations, approvals, acts of destruction and the policy of the house."""

from typing import Any

import django.core.validators
import django.db.models.deletion
import imports.states
import uuid
from django.conf import settings
from django.db import migrations, models


def make_first_team(apps: Any, editor: Any) -> None:
    """Everything that is there already belongs to it; its number is 1, the default of the columns added below."""
    apps.get_model("imports", "Team").objects.create(name="Marketing")


class Migration(migrations.Migration):

    dependencies = [
        ('imports', '0004_history_that_cannot_be_forged'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='importjob',
            name='approved_digest',
            field=models.CharField(default='', max_length=64),
        ),
        migrations.AddField(
            model_name='importjob',
            name='needs_approval',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='importjob',
            name='plan_digest',
            field=models.CharField(default='', max_length=64),
        ),
        migrations.AddField(
            model_name='importjob',
            name='purged_at',
            field=models.DateTimeField(db_index=True, null=True),
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('check_version', models.PositiveIntegerField()),
                ('rows', models.PositiveIntegerField()),
                ('unsafe', models.BooleanField(default=False)),
                ('send_at_once', models.BooleanField(default=False)),
                ('first_rows', models.PositiveIntegerField(default=0)),
                ('note', models.CharField(blank=True, default='', max_length=500)),
                ('author_id', models.BigIntegerField(null=True)),
                ('asker_id', models.BigIntegerField()),
                ('asker_name', models.CharField(max_length=150)),
                ('asked_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('state', models.CharField(default=imports.states.ApprovalState['OPEN'], max_length=10)),
                ('closer_id', models.BigIntegerField(null=True)),
                ('closer_name', models.CharField(default='', max_length=150)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closing_reason', models.CharField(blank=True, default='', max_length=500)),
                ('stepped_up', models.CharField(blank=True, default='', max_length=10)),
                ('used_at', models.DateTimeField(null=True)),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='approvals', to='imports.importjob')),
            ],
        ),
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('second_factor_roles', models.JSONField(default=list)),
                ('idle_minutes', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(720)], verbose_name='Minutes without a page after which a session ends')),
                ('session_hours', models.PositiveSmallIntegerField(default=12, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(72)], verbose_name='Hours after which a session ends in any case')),
                ('invitation_days', models.PositiveSmallIntegerField(default=7, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(30)], verbose_name='Days an invitation is good for')),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('changed_by_name', models.CharField(default='', editable=False, max_length=150)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='policy_is_one')],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='Name')),
                ('retention_days', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3650)], verbose_name='Days after which files and rows are destroyed')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('disabled_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('retention_days__gte', 1), ('retention_days__lte', 3650)), name='team_retention_1_to_3650_days')],
            },
        ),
        migrations.RunPython(make_first_team, migrations.RunPython.noop),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('every_team', models.BooleanField(default=False)),
                ('sessions_from', models.DateTimeField(editable=False, null=True)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='person', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='imports.team')),
            ],
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254)),
                ('role', models.CharField(max_length=20)),
                ('every_team', models.BooleanField(default=False)),
                ('token_sha256', models.CharField(max_length=64, unique=True)),
                ('made_by_id', models.BigIntegerField(null=True)),
                ('made_by_name', models.CharField(default='', max_length=150)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('revoked_by_name', models.CharField(default='', max_length=150)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='imports.team')),
            ],
        ),
        migrations.CreateModel(
            name='Destruction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('retention', 'Retention'), ('by_hand', 'By Hand'), ('person', 'Person')], max_length=10)),
                ('reason', models.CharField(blank=True, default='', max_length=500)),
                ('by_id', models.BigIntegerField(null=True)),
                ('by_name', models.CharField(default='', max_length=150)),
                ('begun_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('jobs', models.JSONField(default=list)),
                ('counts', models.JSONField(default=dict)),
                ('person_hash', models.CharField(blank=True, default='', max_length=64)),
                ('history_from', models.BigIntegerField(null=True)),
                ('history_to', models.BigIntegerField(null=True)),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='destructions', to='imports.team')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='connection',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='connections', to='imports.team', verbose_name='Team'),
        ),
        migrations.AddField(
            model_name='importjob',
            name='team',
            field=models.ForeignKey(default=1, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='imports.team'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='preset',
            name='team',
            field=models.ForeignKey(default=1, on_delete=django.db.models.deletion.PROTECT, related_name='presets', to='imports.team'),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name='importjob',
            index=models.Index(fields=['team', '-id'], name='job_team_newest'),
        ),
        migrations.AddConstraint(
            model_name='importjob',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('needs_approval', True), ('state__in', [imports.states.JobState['CANCELLED'], imports.states.JobState['CANCELLING'], imports.states.JobState['DONE'], imports.states.JobState['HELD'], imports.states.JobState['NEEDS_DECISION'], imports.states.JobState['PAUSED'], imports.states.JobState['SENDING']]), _negated=True), models.Q(('approved_digest', models.F('plan_digest')), models.Q(('approved_digest', ''), _negated=True)), _connector='OR'), name='job_sent_as_approved'),
        ),
        migrations.AddConstraint(
            model_name='importjob',
            constraint=models.CheckConstraint(condition=models.Q(('purged_at', None), ('sealed_key', ''), _connector='OR'), name='job_purged_has_no_key'),
        ),
        migrations.AddIndex(
            model_name='approval',
            index=models.Index(fields=['state', 'expires_at'], name='approval_queue'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.UniqueConstraint(condition=models.Q(('state', imports.states.ApprovalState['OPEN'])), fields=('job',), name='approval_open_once'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', imports.states.ApprovalState['APPROVED']), _negated=True), models.Q(('closer_id__isnull', False), models.Q(('closer_id', models.F('asker_id')), _negated=True)), _connector='OR'), name='approval_by_another_than_asked'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', imports.states.ApprovalState['APPROVED']), _negated=True), ('author_id', None), models.Q(('closer_id', models.F('author_id')), _negated=True), _connector='OR'), name='approval_by_another_than_made_it'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', imports.states.ApprovalState['APPROVED']), ('unsafe', True), _negated=True), models.Q(('stepped_up', ''), _negated=True), _connector='OR'), name='approval_of_unsafe_stepped_up'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('team', None), ('every_team', False), _connector='OR'), name='person_one_team_or_every_team'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='invitation_expires_after_it_was_made'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('every_team', True), ('team', None)), models.Q(('every_team', False), ('team__isnull', False)), _connector='OR'), name='invitation_to_one_team_or_every_team'),
        ),
    ]
