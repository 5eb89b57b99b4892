"""Where each provider keeps the pictures of its people: narrow, for anybody may have a host below
some of them. Pure.

google    `picture` of an ID token is `https://lh3.googleusercontent.com/a/…=s96-c`; lh4 to lh6
          serve the same (developers.google.com/identity/openid-connect)
yandex    the id that `login.yandex.ru/info` tells goes into
          `https://avatars.yandex.net/get-yapic/<id>/islands-200`
          (yandex.com/dev/id/doc/en/user-information)
vk        `user.avatar` of `id.vk.com/oauth2/user_info` is at `pp.userapi.com` in VK ID's own
          example, and at `sun9-66.userapi.com`, `sun9-north.userapi.com` or
          `sun2.43222.userapi.com` as people meet it (id.vk.com, API methods of VK ID)
facebook  `picture.data.url` of Graph is
          `https://platform-lookaside.fbsbx.com/platform/profilepic/?asid=…`
          (facebookarchive/react-native-fbsdk#702)
"""

from fnmatch import fnmatchcase

HOSTS = {
    "facebook": ("platform-lookaside.fbsbx.com",),
    "google": ("lh[3-6].googleusercontent.com",),
    "vk": ("pp.userapi.com", "sun[0-9]*.userapi.com"),
    "yandex": ("avatars.yandex.net", "avatars.mds.yandex.net"),
}


def keeps(provider: str, host: str) -> bool:
    """Whether *provider* keeps pictures at *host*."""
    return any(fnmatchcase(host, one) for one in HOSTS.get(provider, ()))
