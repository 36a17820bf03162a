from apps.registry.admin.datasets import DatasetAdmin
from apps.registry.admin.promotions import AliasAdmin, PromotionAdmin
from apps.registry.admin.runs import RunAdmin
from apps.registry.admin.versions import VersionAdmin

__all__ = ["AliasAdmin", "DatasetAdmin", "PromotionAdmin", "RunAdmin", "VersionAdmin"]
