from __future__ import annotations

from django.urls import path

from cohorts import views

app_name = "cohorts"
urlpatterns = [
    path("", views.cohort_list, name="cohort-list"),
    path("new/", views.cohort_create, name="cohort-create"),
    # /cohorts/join/: what an invited person opens
    path("join/<slug:token>/", views.invitation_accept, name="invitation-accept"),
    # /cohorts/memberships/: a candidate's own
    path("memberships/", views.membership_list, name="membership-list"),
    path("memberships/<uuid:code>/", views.membership_update, name="membership-update"),
    path("memberships/<uuid:code>/leave/", views.membership_leave, name="membership-leave"),
    # /cohorts/<code>/: the coordinator's
    path("<uuid:code>/", views.cohort_detail, name="cohort-detail"),
    path("<uuid:code>/name/", views.cohort_update, name="cohort-update"),
    path("<uuid:code>/link/", views.link_create, name="link-create"),
    path("<uuid:code>/invitations/", views.invitation_create, name="invitation-create"),
    path("<uuid:code>/invitations/<slug:token>/revoke/", views.invitation_revoke, name="invitation-revoke"),
    path("<uuid:code>/members/<uuid:candidate>/remove/", views.membership_remove, name="membership-remove"),
]
